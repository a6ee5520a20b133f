/** What can be done about a repository that is refused or an analysis that failed, by the code of its reason; a setting is one of the server's configuration. */
export const nextSteps: Readonly<Record<string, string | undefined>> = {
  not_a_repository: "Name the top folder of a Git repository. A folder that is in none becomes one by `git init` and a commit.",
  empty_repository: "Only what is committed is read: make a first commit.",
  no_such_branch: "`git branch --all` lists the branches.",
  unreadable: "Check who may read the folder, and whether `git fsck` finds damage.",
  unsupported: "A fresh clone in Git's default format can be analysed.",
  outside_reference: "A full clone holds everything itself: `git clone --no-local FOLDER COPY`.",
  url_invalid: "Write `https://HOST/OWNER/NAME` or `ssh://git@HOST/OWNER/NAME`.",
  auth_required: "Check the spelling. For a private repository, connect its code host by a token, or use an ssh address.",
  not_found: "Check the spelling. Some hosts say the same of private repositories without a token.",
  unreachable: "Check the host's name and the server's network, then try again.",
  certificate: "The certificate of an authority of your own goes into `repositories.ca_file`.",
  too_large: "`repositories.max_copy_mib` is the limit for a copy.",
  timeout: "`repositories.fetch_seconds` and `analysis.wall_seconds` are the limits of time.",
  analysis_limit: "`analysis.memory_mib`, `analysis.cpu_seconds` and `analysis.wall_seconds` are the limits of one analysis.",
  analysis_crashed: "`devmentor doctor` looks whether an analysis can be started at all.",
  git_missing: "Install git 2.37 or newer on the server's machine. Folders on it are read without.",
};
