/**
 * Sources with everything that the language has.
 *
 * @module
 */

/** Files that {@linkcode LARGE_SOURCE} imports. */
export const LARGE_FILES: Readonly<Record<string, string>> = {
  "shared/geometry.magen": `module studio.geometry;
[Stable] struct Point { double x = 0; double y = 0; };
[Stable] enum Corner { kTopLeft, kTopRight, kBottomLeft, kBottomRight };
const uint32 kMostPoints = 4096;
`,
};

/** Everything that is Magen's own. */
export const LARGE_SOURCE = `/// Drawings, and who makes them.
module studio.drawing;

import "shared/geometry.magen" as geometry;
import "magen/std.magen";

/// How many layers a drawing may have.
const uint8 kMostLayers = 0x40;
const int64 kEpoch = -62135596800000;
const float kGap = 0.25;
const double kFar = double.INFINITY;
const string kName = "Unnamed \\"drawing\\"";
const bool kIsOn = true;
const Tool kFirstTool = Tool.kPen;
const Rights kEverything = Rights.kAll;

/// A text on one line.
[MinLength=1, MaxLength=200, Pattern="[^\\\\n]*"]
alias Line = string;
[JsNumber, Min=1]
alias Id = int64;
alias Points = array<geometry.Point>;
alias MaybeLine = Line?;

/** What to draw with. */
[Extensible, Stable]
enum Tool : uint8 {
  [Default] kUnknown,
  kPen,
  kBrush = 8, // Wide.
  kEraser = kBrush,
  [Deprecated="use kBrush", MinVersion=2] kSpray,
};

[Extensible]
bits Rights : uint64 {
  kRead,
  kWrite,
  kShare = 0x8000000000000000,
  kAll = 0x8000000000000003,
};

[Stable]
bits Edges : uint8 { kLeft, kRight, kBoth = 3 };

feature kLayers {
  const string name = "Layers";
  const bool default_state = false;
};

[Stable, TypeMap="./color.ts#ColorMap"]
struct Color { uint8 red; uint8 green; uint8 blue; uint8 alpha = 255; };

struct Layer {
  enum Mode { kNormal, kMultiply };
  bits Lock { kPixels, kPlace };
  const int32 kMostDepth = 8;

  Id id@0;
  Line name@1 = kName;
  Mode mode@2 = Mode.kNormal;
  Lock lock@3 = Lock.kPlace;
  [Min=0, Max=1] double opacity@4 = 1;
  array<Layer> inner@5;
  Layer? mask@6;
  map<Tool, array<Points?>> strokes@7;
  array<array<uint8, 3>, 16> palette@8;
  [MaxLength=geometry.kMostPoints] Points outline@9;
  [MinVersion=1] bytes? thumbnail@10;
  [MinVersion=1, Max=kMostDepth] int32 depth@11;
  [MinVersion=3] Style style@12 = default;
};

struct Style {
  Color? color;
  float gap = kGap;
  double reach = kFar;
  Edges edges = Edges.kBoth;
  Rights rights = kEverything;
  MaybeLine note;
  [JsNumber] int64 at = kEpoch;
};

union Shape {
  geometry.Point dot@1;
  Points line@0;
  map<string, Shape> group@2;
  Shape? hidden@3;
  bool class@4;
};

[Extensible, Stable]
union Source {
  [Default] bool? unknown;
  string url;
  [MaxLength=65536] bytes data;
};

[Deprecated]
struct Parcel {
  MessagePipe pipe;
  handle anything;
  handle<data_pipe_producer>? out;
  handle<data_pipe_consumer>? input;
  handle<shared_buffer> buffer;
  handle<platform> native;
  handle<file> document;
  handle<conn> socket;
  handle<listener> door;
  stream<Shape?> shapes;
  pending_remote<Canvas> canvas;
  pending_receiver<Canvas>? second;
};

/// One drawing.
[Extensible, Uuid="01234567-89ab-cdef-0123-456789abcdef", RenamedFrom="studio.Board"]
interface Canvas {
  const uint8 kVersion = 3;
  enum Failure { kFull, kLocked };

  /// Draws.
  Draw(Shape shape, Tool tool = kFirstTool, Line? label) => (Id id, std.Time at);
  [RenamedFrom="Wipe"] Clear();
  [Timeout=5000, MaxMessageSize=1048576]
  Open(Source source) => result<Layer, Failure>;
  Merge(array<Id> ids) => result<(Layer layer, uint32 lost), string>;
  Remove(Id id) => result<(), Failure>;
  [MinVersion=1] Save([MinVersion=1] Tool tool) => stream<bytes>;
  Load(stream<Shape> shapes) => (uint32 count);
  [EnableIf=layers] AddLayer(Layer layer);
  [EnableIfNot=layers] Flatten() => ();
  Send(Parcel parcel);
  Attach(pending_associated_remote<Canvas> mirror,
         pending_associated_receiver<Canvas> self);

  event OnProgress([Max=100] uint8 percent);
  [MaxMessageSize=4096, Deprecated="use OnProgress"] event OnDone(Failure? failure);
};

interface Empty {};
struct Nothing {};
`;

/** In the words and the style of Mojom, with its ordinals. */
export const MOJOM_SOURCE = `// Copyright of somebody.
[Stable]
module device.mojom;

// A struct with every kind of field.
[Stable]
struct Battery {
  [Stable, Extensible]
  enum State {
    [Default] kUnknown = -1,
    kFull = 0,
    kCharging,
    [MinVersion=1] kDraining = 5,
  };

  const uint64 kForever = 0xFFFFFFFFFFFFFFFF;
  const double kNever = double.INFINITY;

  string label@0;
  State state@1 = State.kUnknown;
  uint64 seconds@2 = kForever;
  double hours@3 = kNever;
  float level@4 = 0.5;
  array<uint8, 16> serial@5;
  array<string?> aliases@6;
  map<string, array<int32>> history@7;
  map<State, Reading?>? by_state@8;
  Reading reading@9 = default;
  [MinVersion=1] int8? temperature@10;
  [MinVersion=2] bool swappable@11 = true;
};

[Stable]
struct Reading {
  int16 volts = -12;
  uint16 amps = 0x10;
  bool? valid;
};

[Extensible, Stable]
union Value {
  [Default] bool? unknown;
  int64 number;
  string text;
  array<Value> list;
  Reading reading;
};

const string kServiceName = "device";
const int32 kMaxRetries = 3;

enum Result {
  OK,
  NOT_FOUND = kMaxRetries,
  DENIED,
  LAST = DENIED,
};

feature kFastPath {
  const string name = "FastPath";
  const bool default_state = false;
};

interface BatteryObserver {
  OnChanged@0(device.mojom.Battery battery);
  OnGone@1(mojom.Result result) => ();
};

[Uuid="fedcba98-7654-3210-fedc-ba9876543210"]
interface BatteryMonitor {
  enum Mode { FAST, SLOW };
  const int32 kVersion = 2;

  QueryNextStatus@0(Mode mode) => (Battery status);
  AddObserver@1(pending_remote<BatteryObserver> observer);
  [MinVersion=1] Clone@2(pending_receiver<BatteryMonitor>? monitor);
  Bind@3(pending_associated_remote<BatteryObserver> observer,
         pending_associated_receiver<BatteryObserver>? receiver) => ();
  Read@4(Value key) => result<Value, Result>;
  Share@5(handle<shared_buffer> buffer, handle<message_pipe>? pipe,
          handle<data_pipe_consumer> input, handle<data_pipe_producer> output,
          handle<platform>? native, handle? other) => (Result result, Battery? battery);
  [EnableIf=enable_shutdown] Shutdown@6();
  [EnableIfNot=is_android|is_ios] Restart@7([MinVersion=1] bool now);
};
`;
