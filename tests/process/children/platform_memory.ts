/**
 * As `platform.ts`, for a child that may call the operating system.
 *
 * @module
 */
import "@mage/ipc/memory";
import "./platform.ts";
