import Checkpoints
import MInference
import SparseAttention

extension ModelContainer {
    /// The patterns file that `minference search` wrote into a model's folder under this name is the model's own.
    package static let ownPatternsName = "patterns.json"

    /// The path of the model's own patterns file; nil where there is none.
    package var ownPatternsPath: String? {
        let path = FileSystem.join(directory, Self.ownPatternsName)
        return FileSystem.exists(path) ? path : nil
    }

    /// A patterns file's contents, checked against this model.
    ///
    /// - Throws: `PatternsError` when it is unreadable, malformed, or another model's; `FileError`.
    package func patterns(file path: String) throws -> HeadPatterns.Reading {
        try HeadPatterns.reading(
            file: path, layers: configuration.hiddenLayers, heads: configuration.attentionHeads,
            fingerprint: try ModelFingerprint.weights(in: directory))
    }

    /// What methods get that are made for this model: its own patterns, unless `usesOwn` is false.
    ///
    /// - Throws: As ``patterns(file:)``.
    package func methodSettings(usesOwn: Bool = true) throws -> AttentionMethods.Settings {
        guard usesOwn, let path = ownPatternsPath else { return AttentionMethods.Settings() }
        return AttentionMethods.Settings(ownPatterns: try patterns(file: path).patterns)
    }
}
