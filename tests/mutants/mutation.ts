/**
 * Small changes of a source file, each of which a test should notice.
 *
 * @module
 */
import { type BinaryExpression, Node, Project, SyntaxKind } from "ts-morph";

/** One change of one file. */
export interface Mutation {
  /** The file, from the root of the project. */
  readonly file: string;
  /** The line it is on, and the column. */
  readonly line: number;
  readonly column: number;
  /** What kind of change it is. */
  readonly kind: string;
  /** Where the text starts that is replaced. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
  /** What was there. */
  readonly from: string;
  /** What is there instead. */
  readonly to: string;
}

/** What an operator is replaced by. */
const OPERATORS: Partial<Record<string, [kind: string, to: string]>> = {
  "<": ["comparison flipped", "<="],
  "<=": ["comparison flipped", "<"],
  ">": ["comparison flipped", ">="],
  ">=": ["comparison flipped", ">"],
  "===": ["comparison flipped", "!=="],
  "!==": ["comparison flipped", "==="],
  "&&": ["and for or", "||"],
  "||": ["or for and", "&&"],
};

/** All changes of the given files that are tried, in the order of the files. */
export function findMutations(root: string, files: readonly string[]): Mutation[] {
  const project = new Project({ skipLoadingLibFiles: true });
  return files.flatMap((file) => {
    const source = project.addSourceFileAtPath(`${root}/${file}`);
    return source.getDescendants().flatMap((node) =>
      changesOf(node).map(([kind, to, at = node]) => ({
        file,
        ...source.getLineAndColumnAtPos(at.getStart()),
        kind,
        start: at.getStart(),
        end: at.getEnd(),
        from: at.getText(),
        to,
      }))
    );
  });
}

/** A change: its kind, the text that comes instead, and of what, unless of the node itself. */
type Change = [kind: string, to: string, at?: Node];

function changesOf(node: Node): Change[] {
  if (Node.isBinaryExpression(node)) return ofOperator(node);
  if (Node.isIfStatement(node)) {
    const condition = node.getExpression(), text = condition.getText();
    const changes: Change[] = [
      ["condition negated", `!(${text})`, condition],
      ["condition dropped", "true", condition],
    ];
    const otherwise = node.getElseStatement();
    changes.push(["check dropped", otherwise?.getText() ?? ";", node]);
    return changes;
  }
  if (Node.isConditionalExpression(node)) {
    const condition = node.getCondition();
    return [["condition negated", `!(${condition.getText()})`, condition]];
  }
  if (Node.isExpressionStatement(node)) {
    return /^super\(/.test(node.getText()) ? [] : [["statement dropped", ";"]];
  }
  if (Node.isReturnStatement(node)) {
    const block = node.getParent();
    const last = Node.isBlock(block) && block.getStatements().at(-1) === node &&
      Node.isMethodDeclaration(block.getParent());
    // What follows would be reached.
    return last || !Node.isBlock(block) ? [] : [["return dropped", ";"]];
  }
  if (Node.isNumericLiteral(node)) {
    if (node.getFirstAncestorByKind(SyntaxKind.LiteralType)) return [];
    if (isRoom(node)) return [];
    return [["constant off by one", `${Number(node.getLiteralValue()) + 1}`]];
  }
  if (Node.isPrefixUnaryExpression(node) && node.getText().startsWith("!")) {
    return [["condition negated", node.getOperand().getText()]];
  }
  return [];
}

/** Whether a number is added to the room that a buffer is asked for: a byte more is only that. */
function isRoom(node: Node): boolean {
  let sum = node, parent = node.getParent();
  while (
    Node.isBinaryExpression(parent) && parent.getOperatorToken().getText() === "+"
  ) [sum, parent] = [parent, parent.getParent()];
  return Node.isCallExpression(parent) && parent.getArguments().includes(sum) &&
    /\.need$/.test(parent.getExpression().getText());
}

function ofOperator(node: BinaryExpression): Change[] {
  const operator = node.getOperatorToken();
  const change = OPERATORS[operator.getText()];
  return change === undefined ? [] : [[...change, operator]];
}

/** The text of the file with the change in it. */
export function applyMutation(source: string, { start, end, to }: Mutation): string {
  return source.slice(0, start) + to + source.slice(end);
}

/** One line that says what was changed, and is the same in every run on the same source. */
export function describeMutation(
  { file, line, column, kind, from, to }: Mutation,
): string {
  const short = (text: string) => {
    const line = text.replace(/\s+/g, " ");
    return line.length > 70 ? `${line.slice(0, 67)}...` : line;
  };
  return `${file}:${line}:${column} ${kind}: ${short(from)} -> ${
    to === ";" ? "(nothing)" : short(to)
  }`;
}
