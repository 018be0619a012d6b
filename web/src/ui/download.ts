/** Hands bytes or text to the reader as a file. */
export function download(name: string, content: Uint8Array | string, type = "application/octet-stream"): void {
    const url = URL.createObjectURL(new Blob([content as BlobPart], { type }));
    const link = document.createElement("a");
    link.href = url;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
}
