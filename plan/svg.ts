/** Text that stands between tags. */
export function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** How wide a text is about, in pixels: wide letters of a wide font, so that it fits in others. */
export function textWidth(text: string, fontSize: number): number {
  return text.length * fontSize * 0.6;
}
