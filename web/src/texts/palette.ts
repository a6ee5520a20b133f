export const palette = {
  title: "Search or run a command",
  placeholder: "Page, repository, task or command",
  results: "Results",
  none: (text: string) => `Nothing is called “${text}”.`,
  groups: { here: "This repository", actions: "Commands", pages: "Pages", repos: "Repositories", tasks: "Tasks", search: "Search" },
  search: (text: string) => `Search the findings for “${text}”`,
  newTask: "New task",
  createTask: (title: string) => `Make a task: ${title}`,
  analyseNow: "Analyse now",
  themeIs: (name: string) => `Theme: ${name}`,
  hint: "Search or jump",
};
