// Gives the tests the English texts that the server would put into the page.

import { giveTexts } from "./texts";

const files = import.meta.glob<Record<string, string>>("../../Texts/en/*.json", { eager: true, import: "default" });
giveTexts(Object.fromEntries(Object.entries(files).flatMap(([path, texts]) => {
  const group = path.split("/").at(-1)!.replace(".json", "");
  return Object.entries(texts).map(([key, value]) => [`${group}.${key}`, value]);
})));
