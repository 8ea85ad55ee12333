/** Reads a flow from descriptor 3 and answers with another, without any permission. @module */
import { SocketTransport } from "../../transports/socket.ts";
import { drain, pour } from "./flow.ts";

const transport = SocketTransport.adopt(3);
await drain(transport, { seed: 1, totalBytes: 500_000, stepBytes: 65_536 });
await pour(transport, { seed: 2, totalBytes: 700_000, stepBytes: 100_000 });
transport.close();
