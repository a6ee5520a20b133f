// Sets the theme before the first paint, so that a dark screen never flashes white.
(function () {
  var root = document.documentElement;
  var stored = null;
  try {
    stored = localStorage.getItem("devmentor.theme");
  } catch (_) {
    // Storage is blocked: the system's choice applies.
  }
  var known = { light: 1, dark: 1, contrast: 1 };
  var dark = matchMedia("(prefers-color-scheme: dark)").matches;
  var contrast = matchMedia("(prefers-contrast: more)").matches;
  root.dataset.theme = known[stored] ? stored : contrast ? "contrast" : dark ? "dark" : "light";
})();
