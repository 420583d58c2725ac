/** A text of the project and its path. */
interface Written {
  readonly path: string;
  readonly text: string;
}

/** What may stand between two words of a sentence: spaces, and the mark with which a line of a comment or a quote begins. */
const GAP = String.raw`\s+(?:(?:\*|//|>)\s+)?`;

/** The phrases that STYLE.md bans: `whom`, `whoever`, and `is no X` other than "is no longer" and "there is no". */
const BANNED = new RegExp(
  String.raw`\b(?:whom|whoever|whomever)\b|(?<!\bthere${GAP})\b(?:is|are|was|were)${GAP}(?:none\b|no\s+(?!longer\b))`,
  'gi',
);

/** Finds the phrases of a text that STYLE.md bans, each as `path:line: phrase`. */
export function bannedWordings({ path, text }: Written): readonly string[] {
  return [...text.matchAll(BANNED)].map(match => {
    const line = text.slice(0, match.index).split('\n').length;
    return `${path}:${line}: ${match[0].trim().replace(/\s+/g, ' ')}`;
  });
}

/** A document without what stands between backticks on one line: names, and words that are spoken of. */
export function withoutCode(document: Written): Written {
  const text = document.text.replace(/(?<!`)`[^`\n]+`(?!`)/g, code => ' '.repeat(code.length));
  return { ...document, text };
}
