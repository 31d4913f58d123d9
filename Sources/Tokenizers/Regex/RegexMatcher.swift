/// Runs a ``RegexProgram`` over a text: backtracking, the first way in the order of the pattern.
///
/// A place in the program and in the text that failed once fails always, as nothing else is remembered along the way.
/// A search that takes long notes such places and does not go there again, so that no pattern takes exponential time.
struct RegexMatcher {
    /// After this many steps back, failed places are noted.
    private static let patience = 2000

    /// Where to go on should the way at hand fail: at `instruction`, first with `position`, then with every character less
    /// down to `lowest`.
    private struct Choice {
        var instruction: Int
        var position: Int
        var lowest: Int
    }

    private let program: RegexProgram
    private let text: UnsafeBufferPointer<UInt8>

    /// A matcher over a valid UTF-8 text.
    init(_ program: RegexProgram, _ text: UnsafeBufferPointer<UInt8>) {
        self.program = program
        self.text = text
    }

    /// The end of the match that begins at a place, or nil.
    func end(ofMatchAt position: Int) -> Int? { run(from: 0, at: position, endingAt: nil) }

    private func run(from start: Int, at origin: Int, endingAt target: Int?) -> Int? {
        var instruction = start
        var position = origin
        var choices: [Choice] = []
        var stepsBack = 0
        var failed: Set<UInt64> = []
        while true {
            if let end = step(&instruction, &position, &choices) {
                if target == nil || end == target { return end }
                instruction = -1
            }
            if instruction >= 0 { continue }
            // Back to the last choice.
            repeat {
                guard let choice = choices.last else { return nil }
                instruction = choice.instruction
                position = choice.position
                if choice.position > choice.lowest {
                    choices[choices.count - 1].position = UTF8Text.start(before: choice.position, in: text)
                } else {
                    choices.removeLast()
                }
                stepsBack += 1
            } while stepsBack > Self.patience
                && !failed.insert(UInt64(instruction) << 40 | UInt64(position)).inserted
        }
    }

    /// Does one instruction; returns the end of a match, and sets `instruction` to -1 when the way fails.
    @inline(__always)
    private func step(_ instruction: inout Int, _ position: inout Int, _ choices: inout [Choice]) -> Int? {
        let place = instruction
        instruction = place + 1
        switch program.instructions[place] {
        case .set(let set):
            guard let end = take(set, at: position) else {
                instruction = -1
                return nil
            }
            position = end
        case .run(let set, let minimum, let maximum, let isPossessive):
            guard let (lowest, end) = takeRun(set, at: position, minimum, maximum) else {
                instruction = -1
                return nil
            }
            if !isPossessive, end > lowest {
                let before = UTF8Text.start(before: end, in: text)
                choices.append(Choice(instruction: place + 1, position: before, lowest: lowest))
            }
            position = end
        case .fork(let first, let second):
            choices.append(Choice(instruction: second, position: position, lowest: position))
            instruction = first
        case .jump(let next): instruction = next
        case .ahead(let isNegated, let next):
            let isThere = run(from: place + 1, at: position, endingAt: nil) != nil
            instruction = isThere != isNegated ? next : -1
        case .behind(let isNegated, let widths, let next):
            instruction = isBehind(place + 1, position, widths) != isNegated ? next : -1
        case .atomic(let next):
            if let end = run(from: place + 1, at: position, endingAt: nil) {
                position = end
                instruction = next
            } else {
                instruction = -1
            }
        case .assertion(let assertion): if !holds(assertion, at: position) { instruction = -1 }
        case .accept: return position
        }
        return nil
    }

    @inline(__always)
    private func take(_ set: Int, at position: Int) -> Int? {
        guard position < text.count else { return nil }
        let (value, length) = UTF8Text.scalar(at: position, in: text)
        return program.sets[set].contains(value) ? position + length : nil
    }

    /// Where a run of characters of a set may end: after its minimum, and after all of it.
    private func takeRun(
        _ set: Int, at position: Int, _ minimum: Int, _ maximum: Int
    ) -> (lowest: Int, end: Int)? {
        var end = position
        var count = 0
        var lowest = position
        while count < maximum, let next = take(set, at: end) {
            end = next
            count += 1
            if count == minimum { lowest = end }
        }
        return count >= minimum ? (lowest, end) : nil
    }

    private func isBehind(_ start: Int, _ position: Int, _ widths: ClosedRange<Int>) -> Bool {
        var origin = position
        for width in 0...widths.upperBound {
            if width > 0 {
                guard origin > 0 else { return false }
                origin = UTF8Text.start(before: origin, in: text)
            }
            if width >= widths.lowerBound, run(from: start, at: origin, endingAt: position) != nil {
                return true
            }
        }
        return false
    }

    private func holds(_ assertion: RegexAssertion, at position: Int) -> Bool {
        let lineFeed = UInt8(ascii: "\n")
        switch assertion {
        case .textStart: return position == 0
        case .textEnd: return position == text.count
        case .lastLineEnd:
            return position == text.count || (position == text.count - 1 && text[position] == lineFeed)
        case .lineStart: return position == 0 || text[position - 1] == lineFeed
        case .lineEnd: return position == text.count || text[position] == lineFeed
        case .wordBoundary: return isWord(before: position) != isWord(at: position)
        case .noWordBoundary: return isWord(before: position) == isWord(at: position)
        }
    }

    private func isWord(at position: Int) -> Bool {
        position < text.count
            && ScalarSet.wordCharacters.contains(UTF8Text.scalar(at: position, in: text).value)
    }

    private func isWord(before position: Int) -> Bool {
        position > 0 && isWord(at: UTF8Text.start(before: position, in: text))
    }
}
