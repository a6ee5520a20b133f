/** Makes the app open without a connection, where the browser allows that: over https, and on this machine. */
export function install(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  // A browser that refuses it (a private window, a setting) has the app all the same, with a connection.
  navigator.serviceWorker.register("/sw.js").catch(() => undefined);
}
