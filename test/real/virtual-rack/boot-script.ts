/** What iPXE is given: the name of the initramfs stands in both lines, which UEFI needs. */
export function bootScript(url: string, words: string): string {
  return [
    "#!ipxe",
    `kernel ${url}/vmlinuz console=ttyS0 quiet panic=10 initrd=initramfs ${words}`,
    `initrd --name initramfs ${url}/initramfs`,
    "boot",
    "",
  ].join("\n");
}
