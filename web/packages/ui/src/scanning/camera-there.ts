/** Browsers give the camera to pages of https and of this machine only. */
export function hasCamera(): boolean {
  return "mediaDevices" in navigator && typeof navigator.mediaDevices.getUserMedia === "function";
}
