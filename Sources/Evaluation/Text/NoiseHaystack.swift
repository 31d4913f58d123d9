/// RULER's noise: five short sentences over and over, in which any needle stands out.
package enum NoiseHaystack {
    private static let sentences = [
        " The grass is green.", " The sky is blue.", " The sun is yellow.", " Here we go.",
        " There and back again.",
    ]

    /// The five sentences as one line, without a space in front.
    package static let line = String(sentences.joined().dropFirst())

    /// The first `count` sentences, each with the space before it.
    package static func prefix(_ count: Int) -> [String] {
        (0..<max(count, 0)).map { sentences[$0 % sentences.count] }
    }

    /// `count` lines of all five, each with the line feed before it.
    package static func lines(_ count: Int) -> [String] {
        [String](repeating: "\n" + line, count: max(count, 0))
    }
}
