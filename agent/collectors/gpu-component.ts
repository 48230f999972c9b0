import type { Component } from "#proto/messages/state.ts";
import { unknownComponent } from "#proto/messages/state.ts";
import type { GpuReading } from "./gpu-reading.ts";

/** A GPU as a part of the host; its slot is its place on PCI. */
export function gpuComponent(gpu: GpuReading): Component {
  return {
    ...unknownComponent,
    kind: "gpu",
    slot: gpu.address ?? "",
    vendor: gpu.vendor,
    model: gpu.model,
    // Cards without a serial have a UUID that stays with them all the same.
    serial: gpu.serial ?? gpu.uuid,
    firmware: gpu.firmware,
    sizeBytes: gpu.memoryTotalBytes,
    address: gpu.address,
    interface:
      gpu.linkGeneration === null || gpu.linkWidth === null ? null : `PCIe x${gpu.linkWidth}`,
    partNumber: gpu.partNumber,
  };
}

/** What stays with the card: its UUID, else its serial, else its place. */
export function gpuId(gpu: GpuReading): string | null {
  return gpu.uuid ?? gpu.serial ?? gpu.address;
}
