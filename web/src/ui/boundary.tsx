import { Component, type ReactNode } from "react";

import { common, problems } from "@/texts/common";

import { Button } from "./button";

/** Keeps a fault in one part of the page from taking the rest with it. */
export class Boundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <div role="alert" className="flex flex-col items-start gap-2 rounded-card border border-line bg-subtle p-4 text-dense">
        <p className="text-muted">{problems.crashed}</p>
        <Button onClick={() => this.setState({ failed: false })}>{common.reloadPanel}</Button>
      </div>
    );
  }
}
