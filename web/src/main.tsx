import "./styles/app.css";

import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { queryClient } from "./api/client";
import { router } from "./app/router";
import { followSystemTheme } from "./lib/theme";

followSystemTheme();

const host = document.getElementById("root");
if (host) {
  const render = () =>
    createRoot(host).render(
      <StrictMode>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </StrictMode>,
    );
  // A page that came with the document stays until the same page can take its place.
  if (host.querySelector("[data-drawn]")) void router.load().then(render, render);
  else render();
}
