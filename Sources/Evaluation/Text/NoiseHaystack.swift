/// RULER's noise: five short sentences over and over, in which any needle stands out.
package enum NoiseHaystack {
    private static let line = [
        " The grass is green.", " The sky is blue.", " The sun is yellow.", " Here we go.",
        " There and back again.",
    ]

    /// The first `count` sentences, each with the space before it.
    package static func prefix(_ count: Int) -> [String] {
        (0..<max(count, 0)).map { line[$0 % line.count] }
    }
}
