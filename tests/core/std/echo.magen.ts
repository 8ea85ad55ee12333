// Generated from echo.magen by magen. Do not edit: change the source and generate again.
// deno-fmt-ignore-file
import {
  type CallOptions,
  type Decoder,
  type Encoder,
  type Implementation,
  type Incoming,
  type Interface,
  type MessagePipe,
  RemoteBase,
  type RemoteOptions,
} from "@mage/ipc/generated-v1";
import {
  $readBigBuffer,
  $readBigInt,
  $readTime,
  $readTimeDelta,
  $readUrl,
  $readUuid,
  $readValue,
  $writeBigBuffer,
  $writeBigInt,
  $writeTime,
  $writeTimeDelta,
  $writeUrl,
  $writeUuid,
  $writeValue,
  type BigBuffer,
  type BigInt,
  type Time,
  type TimeDelta,
  type Url,
  type Uuid,
  type Value,
} from "@mage/ipc/std";

/** Answers with what it is sent. */
export interface Echo {
  /** Calls `Time`. */
  time(value: Time, options?: CallOptions): Promise<Echo_Time_Reply>;
  /** Calls `TimeDelta`. */
  timeDelta(value: TimeDelta, options?: CallOptions): Promise<Echo_TimeDelta_Reply>;
  /** Calls `Uuid`. */
  uuid(value: Uuid, options?: CallOptions): Promise<Echo_Uuid_Reply>;
  /** Calls `Url`. */
  url(value: Url, options?: CallOptions): Promise<Echo_Url_Reply>;
  /** Calls `Value`. */
  value(value: Value, options?: CallOptions): Promise<Echo_Value_Reply>;
  /** Calls `BigInt`. */
  bigInt(value: BigInt, options?: CallOptions): Promise<Echo_BigInt_Reply>;
  /** Calls `BigBuffer`. */
  bigBuffer(value: BigBuffer, options?: CallOptions): Promise<Echo_BigBuffer_Reply>;
}

/** What {@linkcode Echo.time} resolves to. */
export interface Echo_Time_Reply {
  /** `Time value` */
  value: Time;
}

/** What {@linkcode Echo.timeDelta} resolves to. */
export interface Echo_TimeDelta_Reply {
  /** `TimeDelta value` */
  value: TimeDelta;
}

/** What {@linkcode Echo.uuid} resolves to. */
export interface Echo_Uuid_Reply {
  /** `Uuid value` */
  value: Uuid;
}

/** What {@linkcode Echo.url} resolves to. */
export interface Echo_Url_Reply {
  /** `Url value` */
  value: Url;
}

/** What {@linkcode Echo.value} resolves to. */
export interface Echo_Value_Reply {
  /** `Value value` */
  value: Value;
}

/** What {@linkcode Echo.bigInt} resolves to. */
export interface Echo_BigInt_Reply {
  /** `BigInt value` */
  value: BigInt;
}

/** What {@linkcode Echo.bigBuffer} resolves to. */
export interface Echo_BigBuffer_Reply {
  /** `BigBuffer value` */
  value: BigBuffer;
}

class EchoRemote extends RemoteBase implements Echo {
  constructor(pipe: MessagePipe, options?: RemoteOptions) {
    super(Echo, pipe, options);
  }

  time(value: Time, options?: CallOptions): Promise<Echo_Time_Reply> {
    const w = this.$begin(0x34e314e7, true);
    try {
      const at = w.openStruct(0);
      $writeTime(w, value, "value");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x34e314e7, readEcho_Time_Reply, options);
  }

  timeDelta(value: TimeDelta, options?: CallOptions): Promise<Echo_TimeDelta_Reply> {
    const w = this.$begin(0x30773aa0, true);
    try {
      const at = w.openStruct(0);
      $writeTimeDelta(w, value, "value");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x30773aa0, readEcho_TimeDelta_Reply, options);
  }

  uuid(value: Uuid, options?: CallOptions): Promise<Echo_Uuid_Reply> {
    const w = this.$begin(0x376dfc2a, true);
    try {
      const at = w.openStruct(0);
      $writeUuid(w, value, "value");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x376dfc2a, readEcho_Uuid_Reply, options);
  }

  url(value: Url, options?: CallOptions): Promise<Echo_Url_Reply> {
    const w = this.$begin(0x3a9530f3, true);
    try {
      const at = w.openStruct(0);
      $writeUrl(w, value, "value");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x3a9530f3, readEcho_Url_Reply, options);
  }

  value(value: Value, options?: CallOptions): Promise<Echo_Value_Reply> {
    const w = this.$begin(0x564a89a5, true);
    try {
      const at = w.openStruct(0);
      $writeValue(w, value, "value");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x564a89a5, readEcho_Value_Reply, options);
  }

  bigInt(value: BigInt, options?: CallOptions): Promise<Echo_BigInt_Reply> {
    const w = this.$begin(0x5340810b, true);
    try {
      const at = w.openStruct(0);
      $writeBigInt(w, value, "value");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x5340810b, readEcho_BigInt_Reply, options);
  }

  bigBuffer(value: BigBuffer, options?: CallOptions): Promise<Echo_BigBuffer_Reply> {
    const w = this.$begin(0x76d6b770, true);
    try {
      const at = w.openStruct(0);
      $writeBigBuffer(w, value, "value");
      w.closeStruct(at);
    } catch (error) {
      throw w.cancel(error);
    }
    return this.$call(w, 0x76d6b770, readEcho_BigBuffer_Reply, options);
  }
}

function readEcho_Time_Reply(r: Decoder): Echo_Time_Reply {
  const s = r.openStruct();
  const value = $readTime(r, "value");
  r.closeStruct(s);
  return { value };
}

function writeEcho_Time_Reply(w: Encoder, value$: Echo_Time_Reply): void {
  if (typeof value$ !== "object" || value$ === null) {
    throw new TypeError(
      `The reply of Echo.Time must be an object: received ${String(value$)}`,
    );
  }
  const { value } = value$;
  const at = w.openStruct(0);
  $writeTime(w, value, "value");
  w.closeStruct(at);
}

function readEcho_TimeDelta_Reply(r: Decoder): Echo_TimeDelta_Reply {
  const s = r.openStruct();
  const value = $readTimeDelta(r, "value");
  r.closeStruct(s);
  return { value };
}

function writeEcho_TimeDelta_Reply(w: Encoder, value$: Echo_TimeDelta_Reply): void {
  if (typeof value$ !== "object" || value$ === null) {
    throw new TypeError(
      `The reply of Echo.TimeDelta must be an object: received ${String(value$)}`,
    );
  }
  const { value } = value$;
  const at = w.openStruct(0);
  $writeTimeDelta(w, value, "value");
  w.closeStruct(at);
}

function readEcho_Uuid_Reply(r: Decoder): Echo_Uuid_Reply {
  const s = r.openStruct();
  const value = $readUuid(r, "value");
  r.closeStruct(s);
  return { value };
}

function writeEcho_Uuid_Reply(w: Encoder, value$: Echo_Uuid_Reply): void {
  if (typeof value$ !== "object" || value$ === null) {
    throw new TypeError(
      `The reply of Echo.Uuid must be an object: received ${String(value$)}`,
    );
  }
  const { value } = value$;
  const at = w.openStruct(0);
  $writeUuid(w, value, "value");
  w.closeStruct(at);
}

function readEcho_Url_Reply(r: Decoder): Echo_Url_Reply {
  const s = r.openStruct();
  const value = $readUrl(r, "value");
  r.closeStruct(s);
  return { value };
}

function writeEcho_Url_Reply(w: Encoder, value$: Echo_Url_Reply): void {
  if (typeof value$ !== "object" || value$ === null) {
    throw new TypeError(
      `The reply of Echo.Url must be an object: received ${String(value$)}`,
    );
  }
  const { value } = value$;
  const at = w.openStruct(0);
  $writeUrl(w, value, "value");
  w.closeStruct(at);
}

function readEcho_Value_Reply(r: Decoder): Echo_Value_Reply {
  const s = r.openStruct();
  const value = $readValue(r, "value");
  r.closeStruct(s);
  return { value };
}

function writeEcho_Value_Reply(w: Encoder, value$: Echo_Value_Reply): void {
  if (typeof value$ !== "object" || value$ === null) {
    throw new TypeError(
      `The reply of Echo.Value must be an object: received ${String(value$)}`,
    );
  }
  const { value } = value$;
  const at = w.openStruct(0);
  $writeValue(w, value, "value");
  w.closeStruct(at);
}

function readEcho_BigInt_Reply(r: Decoder): Echo_BigInt_Reply {
  const s = r.openStruct();
  const value = $readBigInt(r, "value");
  r.closeStruct(s);
  return { value };
}

function writeEcho_BigInt_Reply(w: Encoder, value$: Echo_BigInt_Reply): void {
  if (typeof value$ !== "object" || value$ === null) {
    throw new TypeError(
      `The reply of Echo.BigInt must be an object: received ${String(value$)}`,
    );
  }
  const { value } = value$;
  const at = w.openStruct(0);
  $writeBigInt(w, value, "value");
  w.closeStruct(at);
}

function readEcho_BigBuffer_Reply(r: Decoder): Echo_BigBuffer_Reply {
  const s = r.openStruct();
  const value = $readBigBuffer(r, "value");
  r.closeStruct(s);
  return { value };
}

function writeEcho_BigBuffer_Reply(w: Encoder, value$: Echo_BigBuffer_Reply): void {
  if (typeof value$ !== "object" || value$ === null) {
    throw new TypeError(
      `The reply of Echo.BigBuffer must be an object: received ${String(value$)}`,
    );
  }
  const { value } = value$;
  const at = w.openStruct(0);
  $writeBigBuffer(w, value, "value");
  w.closeStruct(at);
}

function dispatchEcho(impl: Implementation<Echo>, call: Incoming): void {
  const r = call.decoder;
  switch (call.method) {
    case 0x34e314e7: {
      const s = r.openStruct();
      const value = $readTime(r, "value");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.time(value), writeEcho_Time_Reply);
      return;
    }
    case 0x30773aa0: {
      const s = r.openStruct();
      const value = $readTimeDelta(r, "value");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.timeDelta(value), writeEcho_TimeDelta_Reply);
      return;
    }
    case 0x376dfc2a: {
      const s = r.openStruct();
      const value = $readUuid(r, "value");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.uuid(value), writeEcho_Uuid_Reply);
      return;
    }
    case 0x3a9530f3: {
      const s = r.openStruct();
      const value = $readUrl(r, "value");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.url(value), writeEcho_Url_Reply);
      return;
    }
    case 0x564a89a5: {
      const s = r.openStruct();
      const value = $readValue(r, "value");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.value(value), writeEcho_Value_Reply);
      return;
    }
    case 0x5340810b: {
      const s = r.openStruct();
      const value = $readBigInt(r, "value");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.bigInt(value), writeEcho_BigInt_Reply);
      return;
    }
    case 0x76d6b770: {
      const s = r.openStruct();
      const value = $readBigBuffer(r, "value");
      r.closeStruct(s);
      call.accept(true);
      call.reply(impl.bigBuffer(value), writeEcho_BigBuffer_Reply);
      return;
    }
    default:
      call.unknownMethod();
  }
}

/** {@linkcode Echo} as a value, for `new Remote(Echo, pipe)` and the like. */
export const Echo: Interface<Echo> = {
  name: "std_test.Echo",
  methods: [
    [0x34e314e7, "Time"],
    [0x30773aa0, "TimeDelta"],
    [0x376dfc2a, "Uuid"],
    [0x3a9530f3, "Url"],
    [0x564a89a5, "Value"],
    [0x5340810b, "BigInt"],
    [0x76d6b770, "BigBuffer"],
  ],
  Remote: EchoRemote,
  dispatch: dispatchEcho,
};
