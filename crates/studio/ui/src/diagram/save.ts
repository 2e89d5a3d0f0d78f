/** The diagram as a file, with its colours in it. */
import type { Drawing } from "./layout";

const properties = ["fill", "stroke", "stroke-width", "font-family", "font-size", "font-weight", "opacity"];

/** The drawing as it is seen, at its whole size. */
function serialized(svg: SVGSVGElement, drawing: Drawing): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = svg.querySelectorAll<SVGElement>("*");
  copy.querySelectorAll<SVGElement>("*").forEach((element, at) => {
    const seen = getComputedStyle(originals[at]!);
    for (const property of properties) element.setAttribute(property, seen.getPropertyValue(property));
    for (const name of ["class", "tabindex", "role", "style"]) element.removeAttribute(name);
  });
  copy.querySelector(":scope > g")?.setAttribute("transform", "");
  copy.removeAttribute("class");
  copy.setAttribute("viewBox", `0 0 ${drawing.width} ${drawing.height}`);
  copy.setAttribute("width", String(drawing.width));
  copy.setAttribute("height", String(drawing.height));
  const back = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  back.setAttribute("width", "100%");
  back.setAttribute("height", "100%");
  back.setAttribute("fill", getComputedStyle(svg).backgroundColor);
  copy.prepend(back);
  return new XMLSerializer().serializeToString(copy);
}

function offer(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export function saveSvg(svg: SVGSVGElement, drawing: Drawing): void {
  offer(new Blob([serialized(svg, drawing)], { type: "image/svg+xml" }), "diagram.svg");
}

/** The longest side of a picture that browsers still make. */
const SIDE = 12_000;

export async function savePng(svg: SVGSVGElement, drawing: Drawing): Promise<void> {
  const scale = Math.min(2, SIDE / Math.max(drawing.width, drawing.height));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(serialized(svg, drawing))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(drawing.width * scale);
  canvas.height = Math.round(drawing.height * scale);
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done));
  if (blob) offer(blob, "diagram.png");
}
