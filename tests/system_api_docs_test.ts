import { assert, assertEquals } from "@std/assert";
import { RESULTS } from "@mage/ipc";

const root = new URL("../", import.meta.url);

/** The public functions of the C System API, from its headers. */
const FUNCTIONS = `
  MojoInitialize MojoShutdown MojoGetTimeTicksNow MojoClose MojoQueryHandleSignalsState
  MojoCreateMessagePipe MojoWriteMessage MojoReadMessage MojoFuseMessagePipes
  MojoAllocMessage MojoFreeMessage MojoGetMessageBuffer MojoWriteMessageNew MojoReadMessageNew
  MojoCreateMessage MojoDestroyMessage MojoSerializeMessage MojoAppendMessageData MojoGetMessageData
  MojoSetMessageContext MojoGetMessageContext MojoNotifyBadMessage MojoSetDefaultProcessErrorHandler
  MojoCreateDataPipe MojoWriteData MojoBeginWriteData MojoEndWriteData
  MojoReadData MojoBeginReadData MojoEndReadData
  MojoCreateSharedBuffer MojoDuplicateBufferHandle MojoMapBuffer MojoUnmapBuffer MojoGetBufferInfo
  MojoWrapPlatformHandle MojoUnwrapPlatformHandle
  MojoWrapPlatformSharedBuffer MojoUnwrapPlatformSharedBuffer
  MojoCreateWatcher MojoWatch MojoCancelWatch MojoArmWatcher
  MojoCreateTrap MojoAddTrigger MojoRemoveTrigger MojoArmTrap
  MojoSetQuota MojoQueryQuota
  MojoCreateInvitation MojoAttachMessagePipeToInvitation MojoExtractMessagePipeFromInvitation
  MojoSendInvitation MojoAcceptInvitation
`.trim().split(/\s+/);

/** Its flags and options, and the constants that stand for them. */
const FLAGS = `
  MOJO_WRITE_MESSAGE_FLAG_NONE MOJO_READ_MESSAGE_FLAG_NONE MOJO_ALLOC_MESSAGE_FLAG_NONE
  MOJO_WRITE_DATA_FLAG_NONE MOJO_READ_DATA_FLAG_NONE MOJO_MAP_BUFFER_FLAG_NONE
  MOJO_READ_MESSAGE_FLAG_MAY_DISCARD MOJO_APPEND_MESSAGE_DATA_FLAG_COMMIT_SIZE
  MOJO_GET_MESSAGE_DATA_FLAG_IGNORE_HANDLES MOJO_CREATE_MESSAGE_FLAG_UNLIMITED_SIZE
  MOJO_WRITE_DATA_FLAG_ALL_OR_NONE MOJO_READ_DATA_FLAG_ALL_OR_NONE MOJO_READ_DATA_FLAG_PEEK
  MOJO_READ_DATA_FLAG_QUERY MOJO_READ_DATA_FLAG_DISCARD
  MojoCreateDataPipeOptions.element_num_bytes MojoCreateDataPipeOptions.capacity_num_bytes
  MOJO_WATCHER_NOTIFICATION_FLAG_FROM_SYSTEM MOJO_TRAP_EVENT_FLAG_WITHIN_API_CALL
  MOJO_TRIGGER_CONDITION_SIGNALS_SATISFIED MOJO_TRIGGER_CONDITION_SIGNALS_UNSATISFIED
  MOJO_HANDLE_SIGNAL_NONE MOJO_HANDLE_SIGNAL_READABLE MOJO_HANDLE_SIGNAL_WRITABLE
  MOJO_HANDLE_SIGNAL_PEER_CLOSED MOJO_HANDLE_SIGNAL_NEW_DATA_READABLE
  MOJO_HANDLE_SIGNAL_PEER_REMOTE MOJO_HANDLE_SIGNAL_QUOTA_EXCEEDED
  MOJO_QUOTA_TYPE_RECEIVE_QUEUE_LENGTH MOJO_QUOTA_TYPE_RECEIVE_QUEUE_MEMORY_SIZE
  MOJO_QUOTA_TYPE_UNREAD_MESSAGE_COUNT MOJO_QUOTA_LIMIT_NONE
  MOJO_SEND_INVITATION_FLAG_ISOLATED MOJO_ACCEPT_INVITATION_FLAG_ISOLATED
  MOJO_PROCESS_ERROR_FLAG_DISCONNECTED
  MOJO_DUPLICATE_BUFFER_HANDLE_OPTIONS_FLAG_READ_ONLY MOJO_PLATFORM_HANDLE_TYPE_FILE_DESCRIPTOR
`.trim().split(/\s+/);

/** One row of a table: the names in code of each of its first two cells. */
interface Row {
  readonly line: string;
  readonly cells: readonly (readonly string[])[];
}

/** The rows of the table below a heading. */
function table(text: string, heading: string): Row[] {
  const section = text.split(`\n## ${heading}\n`)[1]!.split("\n## ")[0]!;
  return section.split("\n").filter((line) => line.startsWith("|")).slice(2).map((
    line,
  ) => ({
    line,
    cells: line.split("|").slice(1).map((cell) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code!)
    ),
  }));
}

/** A symbol as `deno doc --json` has it, as far as it is looked at. */
interface Documented {
  readonly name: string;
  readonly declarations: readonly {
    readonly kind: string;
    readonly def?: {
      readonly methods?: readonly { readonly name: string }[];
      readonly properties?: readonly { readonly name: string }[];
    };
  }[];
}

/** What programs import, what children do, and what both do that may call the operating system. */
const ENTRIES = ["mod.ts", "transports/child.ts", "transports/shared_memory.ts"];

/** What all entries export: what `mod.ts` has extends some of what children have. */
async function publicSymbols(): Promise<Documented[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", ...ENTRIES],
    cwd: root,
  }).output();
  const { nodes } = JSON.parse(new TextDecoder().decode(stdout)) as {
    nodes: Record<string, { symbols: Documented[] }>;
  };
  return Object.values(nodes).flatMap(({ symbols }) => symbols);
}

const text = await Deno.readTextFile(new URL("docs/system_api.md", root));

Deno.test("docs/system_api.md has every function and every flag of the C API, each once", () => {
  for (
    const [heading, names] of [["Functions", FUNCTIONS], ["Flags and options", FLAGS]]
  ) {
    const listed = table(text, heading as string).flatMap(({ cells }) => cells[0]!);
    assertEquals(listed.toSorted(), (names as string[]).toSorted());
  }
});

Deno.test("docs/system_api.md has every result code, in the order of their numbers", () => {
  const codes = table(text, "Result codes").flatMap(({ cells }) => cells[0]!);
  assertEquals(codes, [...RESULTS]);
});

Deno.test("docs/system_api.md names nothing that the package does not have", async () => {
  const symbols = await publicSymbols();
  const members = (name: string) =>
    symbols.filter((symbol) => symbol.name === name).flatMap(({ declarations }) =>
      declarations.flatMap(({ def }) =>
        [
          ...(def?.methods ?? []),
          ...(def?.properties ?? []),
        ].map((member) => member.name)
      )
    );
  const options = new Set(
    symbols.flatMap(({ name }) => /Options$/.test(name) ? members(name) : []),
  );
  const rows = ["Functions", "Flags and options"].flatMap((heading) =>
    table(text, heading)
  );
  for (const { line, cells: [, counterparts] } of rows) {
    if (counterparts!.length === 0) {
      const [, , counterpart, why] = line.split("|").map((cell) => cell.trim());
      assertEquals(counterpart, "-");
      assert(why !== "", `${line} does not say why there is none`);
    }
    for (const code of counterparts!) {
      const string = /^"(\w+)"$/.exec(code)?.[1];
      if (string !== undefined) {
        const isIn = symbols.some((symbol) =>
          JSON.stringify(symbol).includes(`"${string}"`)
        );
        assert(isIn, line);
        continue;
      }
      const [, name, member, option] =
        /^(\w+)(?:\.(\w+))?(?:\(\{ (\w+) \}\))?$/.exec(code) ?? [];
      assert(symbols.some((symbol) => symbol.name === name), `${code}: no ${name}`);
      if (name === "Signal") {
        assert(JSON.stringify(symbols).includes(`"${member}"`), code);
      } else if (member !== undefined) {
        assert(members(name!).includes(member), `${code}: ${members(name!)}`);
      }
      if (option !== undefined) assert(options.has(option), `${code}: ${[...options]}`);
    }
  }
});
