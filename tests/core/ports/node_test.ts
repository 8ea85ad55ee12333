import { assert, assertEquals, assertLess } from "@std/assert";
import { LIMITS } from "../../../core/limits.ts";
import { NameSource } from "../../../core/names.ts";
import type { Link } from "../../../core/ports/link.ts";
import { Node } from "../../../core/ports/node.ts";
import { type Port, PortState } from "../../../core/ports/port.ts";
import { Encoder } from "../../../core/wire/encoder.ts";
import { EventType } from "../../../core/wire/event.ts";
import { FrameReader, padded } from "../../../core/wire/frame.ts";
import { seededEnvironment } from "../../sim/random.ts";

function newNode(seed: number): Node {
  return new Node(new NameSource(seededEnvironment(seed)), LIMITS.tiny);
}

/** A link between two nodes whose frames a test moves by hand. */
class Wire {
  readonly ends: readonly [Node, Node];
  readonly links: readonly [Link, Link];
  /** Frames on their way from the first node, and from the second. */
  readonly flying: readonly [Uint8Array<ArrayBuffer>[], Uint8Array<ArrayBuffer>[]] = [
    [],
    [],
  ];

  constructor(one: Node, two: Node, maxFrameBytes: number = LIMITS.tiny.maxFrameBytes) {
    this.ends = [one, two];
    const theirs = { ...LIMITS.tiny, maxFrameBytes };
    this.links = [
      one.connect(two.self.name, "peer", LIMITS.tiny, theirs)!,
      two.connect(one.self.name, "peer", LIMITS.tiny, theirs)!,
    ];
  }

  /** Puts what waits on its way. Returns what is on its way from that side. */
  take(side: 0 | 1): Uint8Array<ArrayBuffer>[] {
    const taken = this.links[side].take(), flying = this.flying[side];
    if (taken === null) return flying;
    const view = new DataView(taken.buffer, taken.byteOffset, taken.length);
    for (let at = 0; at < taken.length; at += padded(view.getUint32(at, true))) {
      flying.push(taken.slice(at, at + view.getUint32(at, true)));
    }
    this.links[side].written(taken);
    return flying;
  }

  /** Delivers what comes from that side. */
  deliver(side: 0 | 1): boolean {
    const frames = this.take(side).splice(0), to = (1 - side) as 0 | 1;
    for (const frame of frames) {
      const view = new DataView(frame.buffer);
      const rule = this.ends[to].accept(this.links[to], frame, view, 0, frame.length);
      assertEquals(rule, null);
    }
    return frames.length > 0;
  }

  /** A pipe between the two: the first node's end, and the second's. */
  pipe(): [Port, Port] {
    const [one, two] = this.ends, [kept, given] = one.createPipe();
    hold(kept, given);
    const out = new Encoder(4096);
    out.begin(0);
    one.handOver(given, this.links[0], out);
    const port = two.takeOver(this.links[1], out.view, 0);
    hold(port);
    settle(this);
    return [kept, port];
  }

  /** Ends the link on both sides. What is on its way is lost. */
  cut(): void {
    for (const side of [0, 1] as const) {
      this.ends[side].disconnect(this.links[side], "cut");
    }
  }
}

function hold(...ports: Port[]): void {
  for (const port of ports) {
    port.holder = ports;
    port.container = null;
  }
}

function settle(...wires: Wire[]): void {
  for (let moved = true; moved;) {
    moved = false;
    for (const wire of wires) {
      for (const side of [0, 1] as const) if (wire.deliver(side)) moved = true;
    }
  }
}

function send(node: Node, port: Port, data: Uint8Array, ...ports: Port[]): boolean {
  const out = node.beginBytes(port);
  out.need(data.length);
  out.bytes.set(data, out.at);
  out.at += data.length;
  out.handles.push(...ports);
  return node.commit(port, out, false);
}

function types(frames: readonly Uint8Array[]): number[] {
  return frames.map((frame) => frame[4]!);
}

const { Message, Hello, Switch, Skip, Accepted, Bypass } = EventType;

Deno.test("Node.connect refuses itself and a node it knows", () => {
  const one = newNode(1), two = newNode(2), wire = new Wire(one, two);
  const refuses = (name = two.self.name) =>
    one.connect(name, "peer", LIMITS.tiny, LIMITS.tiny) === null;
  assert(refuses());
  assert(refuses(one.self.name));
  // A lost pair stays lost: the two may have different ideas of what arrived.
  wire.cut();
  assert(refuses());
  wire.cut();
});

Deno.test("Node moves an endpoint to a third node with seven events", () => {
  const [a, b, c] = [newNode(1), newNode(2), newNode(3)] as const;
  const ab = new Wire(a, b), ac = new Wire(a, c), bc = new Wire(b, c);
  const [p, end] = ab.pipe(), [carrier, reader] = ac.pipe();
  send(a, carrier, new Uint8Array(1), p);
  assertEquals(p.state, PortState.Moving);
  assertEquals(types(ac.take(0)), [Message]);
  ac.deliver(0);
  assertEquals(types(ac.take(1)), [Accepted]);
  assertEquals(types(bc.take(1)), [Hello]);
  bc.deliver(1);
  ac.deliver(1);
  assertEquals(p.state, PortState.Proxy);
  assertEquals(types(ab.take(0)), [Switch, Bypass]);
  ab.deliver(0);
  assertEquals(types(ab.take(1)), [Skip]);
  assertEquals(types(bc.take(0)), [Hello]);
  ab.deliver(1);
  bc.deliver(0);
  assertEquals(types(ac.take(0)), [Switch]);
  ac.deliver(0);
  assertEquals(p.state, PortState.Gone);
  settle(ab, ac, bc);
  const [moved] = reader.queue!.shift()!.ports;
  assert(moved!.prevPort!.equals(end.name) && end.prevPort!.equals(moved!.name));
  assertEquals(ab.links[1].pipes, 1);
});

Deno.test("Node tells an end whose route lost events on a link that was made again", () => {
  const [a, b, c] = [newNode(1), newNode(2), newNode(3)] as const;
  const first = new Wire(a, b), ac = new Wire(a, c), bc = new Wire(b, c);
  const [x, p] = bc.pipe(), [reader, carrier] = ac.pipe();
  send(c, carrier, new Uint8Array(1), p);
  ac.deliver(1);
  first.deliver(0);
  ac.deliver(0);
  bc.deliver(1);
  // The peer was asked to send past c: its Hello to a is on its way, its Skip to c as well.
  assertEquals(types(first.take(1)), [Hello]);
  assertEquals(types(bc.take(0)), [Skip]);
  first.cut();
  assert(x.prevNode === null);
  a.connect(b.self.name, "peer", LIMITS.tiny, LIMITS.tiny);
  b.connect(a.self.name, "peer", LIMITS.tiny, LIMITS.tiny);
  settle(ac, bc);
  const [moved] = reader.queue!.shift()!.ports;
  assert(moved!.prevNode === null, "it waits for ever");
  assertEquals(moved!.reason, "lost");
});

Deno.test("Node ends a route that cannot carry a message any further", () => {
  const [a, b, c] = [newNode(1), newNode(2), newNode(3)] as const;
  const ab = new Wire(a, b), ac = new Wire(a, c, 1024), bc = new Wire(b, c);
  const [p, end] = ab.pipe(), [carrier, reader] = ac.pipe();
  const [q, far] = ab.pipe();
  send(a, carrier, new Uint8Array(1), p);
  // Sent while the endpoint is still at a, it has to pass the link that takes only short frames.
  send(b, end, new Uint8Array(500));
  send(b, end, new Uint8Array(2000), far);
  settle(ab, ac, bc);
  const [moved] = reader.queue!.shift()!.ports;
  assertEquals(moved!.queue!.length, 1);
  assertEquals([moved!.prevNode, moved!.reason], [null, "lost"]);
  assertEquals([end.prevNode, end.reason], [null, "lost"]);
  assertEquals(q.prevNode, null);
});

Deno.test("Node ends the hop that leads to a node it has no link to", () => {
  const [a, b, c] = [newNode(1), newNode(2), newNode(3)] as const;
  const ab = new Wire(a, b), ac = new Wire(a, c);
  const [p, end] = ab.pipe(), [carrier, reader] = ac.pipe();
  send(b, end, new Uint8Array(1));
  send(a, carrier, new Uint8Array(1), p);
  settle(ab, ac);
  const [moved] = reader.queue!.shift()!.ports;
  // What a had got is still passed on.
  assertEquals(moved!.queue!.length, 1);
  assertEquals([moved!.prevNode, moved!.reason], [null, "lost"]);
  assertEquals([end.prevNode, end.reason], [null, "lost"]);
  assertEquals([a.ports.size, b.ports.size, c.ports.size], [1, 1, 2]);
});

Deno.test("Node charges replies that stay here to nobody", () => {
  const node = new Node(new NameSource(seededEnvironment(5)), {
    ...LIMITS.tiny,
    maxUnsentReplyBytes: 1024,
  });
  const [one] = node.createPipe();
  for (let i = 0; i < 100; i++) {
    const out = node.beginMessage(one, 1, 2);
    out.closeStruct(out.openStruct(0));
    out.finishMessage(0);
    assert(node.commit(one, out, true));
  }
  assertEquals(one.nextNode!.link!.congested, false);
});

Deno.test("Node.commit keeps what the neighbor has not granted, so that nobody on the way holds it", () => {
  const names = (seed: number) => new NameSource(seededEnvironment(seed));
  const limits = { ...LIMITS.tiny, maxUnreadBytes: 65_536 };
  const [source, middle, sink] = [1, 2, 3].map((seed) => new Node(names(seed), limits));
  const join = (one: Node, two: Node) =>
    [
      one.connect(two.self.name, "peer", limits, limits)!,
      two.connect(one.self.name, "peer", limits, limits)!,
    ] as const;
  const [sourceToMiddle, middleToSource] = join(source!, middle!);
  const [middleToSink, sinkToMiddle] = join(middle!, sink!);
  const deliver = (from: Link, to: Node, over: Link) => {
    const bytes = from.take();
    if (bytes === null) return;
    const reader = new FrameReader(limits.maxFrameBytes, 1 << 20);
    reader.space().set(bytes);
    reader.filled(bytes.length);
    while (reader.next()) {
      assertEquals(
        to.accept(over, reader.bytes, reader.view, reader.start, reader.end),
        null,
      );
    }
    from.written(bytes);
  };
  // One end of a pipe goes to the source, the other to the sink, over pipes that stand.
  const send = (carrier: Port, port: Port) => {
    port.holder = {};
    const out = middle!.beginBytes(carrier);
    out.handles.push(port);
    middle!.commit(carrier, out, false);
  };
  const [toSource, atSource] = middle!.createPipe(),
    [toSink, atSink] = middle!.createPipe();
  for (
    const [port, link, to, over] of [
      [atSource, middleToSource, source!, sourceToMiddle],
      [atSink, middleToSink, sink!, sinkToMiddle],
    ] as const
  ) {
    const out = link.output;
    out.begin(8);
    middle!.handOver(port, link, out);
    const at = out.at - 64;
    to.takeOver(over, out.view, at);
    out.cancel(null);
  }
  for (let i = 0; i < 6; i++) {
    deliver(sourceToMiddle, middle!, middleToSource);
    deliver(sinkToMiddle, middle!, middleToSink);
    deliver(middleToSource, source!, sourceToMiddle);
    deliver(middleToSink, sink!, sinkToMiddle);
  }
  const [one, two] = middle!.createPipe();
  send(toSource, one);
  send(toSink, two);
  deliver(middleToSource, source!, sourceToMiddle);
  deliver(middleToSink, sink!, sinkToMiddle);
  deliver(sourceToMiddle, middle!, middleToSource);
  deliver(sinkToMiddle, middle!, middleToSink);
  // From here on the source hears nothing, so it goes on sending through the proxies, and the sink
  // reads nothing.
  const writer = source!.ports.all().find((port) => port.container !== null)!;
  writer.container = null;
  for (let i = 0; i < 200; i++) {
    const out = source!.beginBytes(writer);
    out.need(4096);
    out.at += 4096;
    source!.commit(writer, out, false);
    deliver(sourceToMiddle, middle!, middleToSource);
  }
  assertEquals(writer.unsent!.length, 200);
  assertLess(middleToSink.output.at, 4096);
});

Deno.test("Node counts nothing as unsent of what its ports say to each other", () => {
  const node = newNode(1), [one, two] = node.createPipe();
  const { link } = one.nextNode!;
  hold(one, two);
  send(node, one, new Uint8Array(1));
  node.close(one);
  assertEquals([two.prevNode, two.reason], [null, "closed"]);
  const { unsentAnswerBytes, unsentReplyBytes, unsentForwardBytes } = link!;
  assertEquals([unsentAnswerBytes, unsentReplyBytes, unsentForwardBytes], [0, 0, 0]);
});

Deno.test("Node.commit says of a message that no proxy has passed it on yet", () => {
  const wire = new Wire(newNode(1), newNode(2)), [node] = wire.ends;
  const [port] = wire.pipe(), [end] = node.createPipe();
  hold(end);
  send(node, port, new Uint8Array(1));
  send(node, port, new Uint8Array(1), end);
  assertEquals(wire.take(0).map((frame) => [frame[4], frame[5], frame[6]]), [
    [Message, 0, 0],
    [Message, 0, 1],
  ]);
  settle(wire);
});
