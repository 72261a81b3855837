// What the Treat page knows of each zone when it is loaded; mirrors Treat/ZoneSheet.cs.

export interface PresetSheet {
  key: string;
  version: number;
  name: string;
  indication: string;
  depthFromMicrometers: number;
  depthToMicrometers: number;
  /** Never above the cap. */
  depthMicrometers: number;
  rateMillihertz: number | null;
  /** 0: glide. */
  burstStrokes: number | null;
  source: string;
  grade: "Clearance" | "Review" | "Trial" | "SellersGuide" | "ConsumerGuide" | "Assumption";
  gradeWords: string;
  onLabel: boolean;
  notes: string;
  conflicts: string[];
}

export interface ZoneSheet {
  id: string;
  name: string;
  view: "Face" | "Body";
  areaSquareMillimeters: number;
  thicknessWords: string;
  /** 0: blocked. */
  depthCapMicrometers: number;
  capReason: string;
  presets: PresetSheet[];
}
