import "./styles/app.css";

import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { queryClient } from "./api/client";
import { router } from "./app/router";
import { followSystemTheme } from "./lib/theme";

followSystemTheme();

// A chunk that is gone means that the server was updated: the page is read again, once.
addEventListener("vite:preloadError", () => {
  const last = Number(sessionStorage.getItem("devmentor.reloaded") ?? 0);
  if (Date.now() - last < 60_000) return;
  sessionStorage.setItem("devmentor.reloaded", String(Date.now()));
  location.reload();
});

const host = document.getElementById("root");
if (host) {
  createRoot(host).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
}
