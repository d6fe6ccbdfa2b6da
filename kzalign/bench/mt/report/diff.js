// What two hypotheses do not share, word by word.

const MOST_WORDS = 400;
const words = (text) => text.split(/(\s+)/u).filter((piece) => piece !== "");
const isSpace = (piece) => /^\s+$/u.test(piece);

/** Returns for each of two lists which of its items are not in their longest common subsequence. */
function notShared(left, right) {
  const length = Array.from({ length: left.length + 1 }, () => new Uint16Array(right.length + 1));
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      length[i][j] = left[i] === right[j] ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
    }
  }
  const own = [left.map(() => true), right.map(() => true)];
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    if (left[i] === right[j]) {
      own[0][i] = own[1][j] = false;
      i += 1;
      j += 1;
    } else if (length[i + 1][j] >= length[i][j + 1]) i += 1;
    else j += 1;
  }
  return own;
}

/** Returns two texts as nodes, the words that only one of them has in <mark>; very long texts are left unmarked. */
function differing(left, right) {
  const pieces = [words(left), words(right)];
  const bare = pieces.map((found) => found.filter((piece) => !isSpace(piece)));
  if (Math.max(...bare.map((found) => found.length)) > MOST_WORDS) return [[left], [right]];
  const own = notShared(...bare);
  return pieces.map((found, side) => {
    let place = 0;
    return found.map((piece) => (isSpace(piece) || !own[side][place++] ? piece : el("mark", {}, piece)));
  });
}
