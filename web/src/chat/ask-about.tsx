import { useNavigate } from "@tanstack/react-router";
import { MessageSquare } from "lucide-react";

import { mayAsk } from "@/api/chat";
import { useSession } from "@/api/workspace";
import { askAbout as texts } from "@/texts/ask-about";
import { Button, IconButton } from "@/ui/button";

import { NEW, writeDraft, type Attached } from "./drafts";

interface Props {
  /** What the question is about. */
  about: () => Attached;
  /** The repository it is in, by its id. */
  repo: string | undefined;
  look?: "secondary" | "ghost";
  /** Only its icon: where there is no room for words. */
  small?: boolean;
}

/** Begins a question about what is on the screen. */
export default function AskAbout({ about, repo, look = "secondary", small = false }: Props) {
  const session = useSession();
  const navigate = useNavigate();
  if (!mayAsk(session)) return null;
  const ask = () => {
    const ws = session.workspace.slug;
    writeDraft(ws, NEW, { attached: [about()], repo });
    void navigate({ to: "/w/$ws/chat", params: { ws } });
  };
  return small ? (
    <IconButton icon={MessageSquare} label={texts.action} onClick={ask} />
  ) : (
    <Button look={look} icon={MessageSquare} onClick={ask}>
      {texts.action}
    </Button>
  );
}
