import { useEffect, useId, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";

import { common } from "@/texts/common";
import { own as texts } from "@/texts/own-settings";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Problem } from "@/ui/problem";

/** Pixels of the square that is sent, and on the screen. The server keeps fewer. */
const SIDE = 384;
const LARGEST = 4;
/** How far an arrow key moves it, as a share of the square. */
const STEP = 0.04;

interface Props {
  picture: ImageBitmap;
  send: (square: Blob) => Promise<void>;
  onClose: () => void;
}

/** Which square of a picture others see: dragged, or moved with the arrow keys, and enlarged. */
export default function CropDialog({ picture, send, onClose }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const about = useId();
  const [zoom, setZoom] = useState(1);
  /** The middle of the square in the picture, each side of which is 1. */
  const [middle, setMiddle] = useState({ x: 0.5, y: 0.5 });
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();

  /** Pixels of the picture that a side of the square covers. */
  const cover = Math.min(picture.width, picture.height) / zoom;
  const inside = (at: number, length: number) => {
    const half = cover / length / 2;
    return Math.min(1 - half, Math.max(half, at));
  };
  const x = inside(middle.x, picture.width);
  const y = inside(middle.y, picture.height);
  /** Moves the picture under the square, by shares of the square. */
  const move = (right: number, down: number) =>
    setMiddle({ x: inside(x - (right * cover) / picture.width, picture.width), y: inside(y - (down * cover) / picture.height, picture.height) });

  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    context.imageSmoothingQuality = "high";
    context.clearRect(0, 0, SIDE, SIDE);
    context.drawImage(picture, x * picture.width - cover / 2, y * picture.height - cover / 2, cover, cover, 0, 0, SIDE, SIDE);
  }, [picture, x, y, cover]);

  const drag = (event: PointerEvent<HTMLCanvasElement>) => {
    if (event.buttons !== 1) return;
    const side = event.currentTarget.clientWidth;
    move(event.movementX / side, event.movementY / side);
  };
  const keys = (event: KeyboardEvent) => {
    const ways: Record<string, [number, number]> = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
    const way = ways[event.key];
    if (!way) return;
    event.preventDefault();
    move(...way);
  };
  const save = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      const square = await new Promise<Blob | null>((done) => canvas.current?.toBlob(done, "image/webp", 0.92));
      if (!square) throw new Error(texts.pictureUnreadable);
      await send(square);
      onClose();
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };

  // What is being sent is awaited: its end closes the dialog.
  const leave = () => {
    if (!busy) onClose();
  };

  return (
    <Dialog title={texts.cropTitle} onClose={leave} className="w-[min(420px,calc(100vw-32px))]">
      <div className="flex flex-col gap-4">
        <canvas
          ref={canvas}
          width={SIDE}
          height={SIDE}
          tabIndex={0}
          // Arrow keys go to it as they do to a slider, not to what a reader looks at.
          role="application"
          aria-label={texts.cropLabel}
          aria-describedby={about}
          className="mx-auto aspect-square w-full max-w-[300px] cursor-grab touch-none rounded-full bg-sunken active:cursor-grabbing"
          onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
          onPointerMove={drag}
          onKeyDown={keys}
        />
        <p id={about} className="text-center text-meta text-faint">
          {texts.cropHelp}
        </p>
        <label className="flex items-center gap-3 text-dense">
          {texts.zoom}
          <input type="range" min={1} max={LARGEST} step={0.05} value={zoom} className="h-9 flex-1 accent-accent" onChange={(event) => setZoom(Number(event.target.value))} />
        </label>
        {failure !== undefined && <Problem error={failure} />}
        <div className="flex justify-end gap-2">
          <Button onClick={leave}>{common.cancel}</Button>
          <Button look="primary" busy={busy} onClick={() => void save()}>
            {texts.savePicture}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
