import MInference
import Testing

@Suite("Stop strings")
struct StopStringMatcherTests {
    /// What comes out of a matcher that gets `pieces`, and whether it stopped.
    private func run(_ pieces: [String], stops: [String]) -> (text: String, isMatched: Bool) {
        var matcher = StopStringMatcher(stops)
        var text = pieces.map { matcher.append($0) }.joined()
        text += matcher.finish()
        return (text, matcher.isMatched)
    }

    @Test("without stop strings everything passes at once")
    func passesThrough() {
        var matcher = StopStringMatcher([])
        #expect(matcher.append("abc") == "abc")
        #expect(!matcher.isMatched)
    }

    @Test("a stop string across any borders of pieces ends the text before it")
    func splitsEverywhere() {
        let characters = Array("Hello wörld###STOP and more")
        for first in 0...characters.count {
            for second in first...characters.count {
                let pieces = [characters[..<first], characters[first..<second], characters[second...]].map {
                    String($0)
                }
                let (text, isMatched) = run(pieces, stops: ["##STOP"])
                #expect(text == "Hello wörld#")
                #expect(isMatched)
            }
        }
    }

    @Test("text is held back only while it may become a stop string")
    func holdsBack() {
        var matcher = StopStringMatcher(["\n\nUser:"])
        #expect(matcher.append("one\n") == "one")
        #expect(matcher.append("\nUse") == "")
        #expect(matcher.append("d") == "\n\nUsed")
        #expect(matcher.append("\n") == "")
        #expect(matcher.finish() == "\n")
        #expect(!matcher.isMatched)
    }

    @Test("of several stop strings the one that begins first counts")
    func earliestWins() {
        #expect(run(["a b c d"], stops: ["c", "b c"]).text == "a ")
        #expect(run(["a b", " c d"], stops: ["c", "b c d e"]).text == "a b ")
    }

    @Test("overlapping beginnings are found")
    func overlaps() {
        let (text, isMatched) = run(["aa", "a", "ab", "x"], stops: ["aaab"])
        #expect(text == "a")
        #expect(isMatched)
    }

    @Test("nothing comes out after a stop string")
    func silentAfterwards() {
        var matcher = StopStringMatcher(["."])
        #expect(matcher.append("end. more") == "end")
        #expect(matcher.append("more") == "")
        #expect(matcher.finish() == "")
    }
}
