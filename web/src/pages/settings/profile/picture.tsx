import { ImageUp, Trash2 } from "lucide-react";
import { Suspense, useRef, useState } from "react";

import { meQuery, removeAvatar, setAvatar } from "@/api/account";
import { queryClient } from "@/api/client";
import { sessionQuery } from "@/api/queries";
import type { Me } from "@/api/types";
import { useOffline } from "@/lib/offline";
import { part } from "@/lib/part";
import { own as texts } from "@/texts/own-settings";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { Problem } from "@/ui/problem";
import { toast } from "@/ui/toast";

const CropDialog = part(() => import("./crop-dialog"));

const changed = async (data: Me) => {
  queryClient.setQueryData(meQuery.queryKey, (old) => old && { ...old, data });
  // It stands beside one's name in lists of people as well.
  void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === "w" && queryKey[2] === "people" });
  await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
};

/** The picture that others see beside what one does: put, cut to a square, taken away. */
export function Picture({ me }: { me: Me }) {
  const offline = useOffline();
  const file = useRef<HTMLInputElement>(null);
  const put = useRef<HTMLButtonElement>(null);
  const [chosen, setChosen] = useState<ImageBitmap>();
  const [unreadable, setUnreadable] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);

  const choose = async (files: FileList | null) => {
    const [picked] = files ?? [];
    setFailure(undefined);
    setUnreadable(false);
    if (!picked) return;
    try {
      setChosen(await createImageBitmap(picked));
    } catch {
      setUnreadable(true);
    }
    // The same file can be chosen again.
    if (file.current) file.current.value = "";
  };
  const remove = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      await changed(await removeAvatar());
      // The button that was pressed goes with the picture.
      put.current?.focus();
      toast(texts.pictureRemoved);
    } catch (error) {
      setFailure(error);
    }
    setBusy(false);
  };

  return (
    <div className="mb-5 flex flex-wrap items-center gap-x-4 gap-y-3">
      <Avatar person={me.user} className="size-16 text-title" />
      <div className="flex flex-wrap gap-2">
        <input
          ref={file}
          type="file"
          accept="image/jpeg,image/png,image/webp"
          aria-label={texts.picture}
          className="hidden"
          onChange={(event) => void choose(event.target.files)}
        />
        <Button ref={put} icon={ImageUp} blocked={offline} onClick={() => file.current?.click()}>
          {me.user.avatar ? texts.changePicture : texts.addPicture}
        </Button>
        {me.user.avatar && (
          <Button icon={Trash2} busy={busy} blocked={offline} onClick={() => void remove()}>
            {texts.removePicture}
          </Button>
        )}
      </div>
      <p role="alert" className="basis-full text-dense text-critical empty:hidden">
        {unreadable && texts.pictureUnreadable}
      </p>
      {failure !== undefined && (
        <div className="basis-full">
          <Problem error={failure} />
        </div>
      )}
      <Suspense>
        {chosen && (
          <CropDialog
            picture={chosen}
            send={async (square) => changed(await setAvatar(square))}
            onClose={() => {
              chosen.close();
              setChosen(undefined);
            }}
          />
        )}
      </Suspense>
    </div>
  );
}
