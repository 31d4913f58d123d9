import Evaluation
import MInference
import SparseAttention
import Testing

/// The patterns.json of a model's folder.
struct OwnPatternsTests {
    @Test func methodsFollowThemUnlessABudgetIsGiven() async throws {
        let model = try await ModelContainer.load("bundled", device: .cpu)
        #expect(model.ownPatternsPath?.hasSuffix("/patterns.json") == true)
        var settings = try model.methodSettings()
        #expect(settings.ownPatterns?.layerCount == 6 && settings.ownPatterns?.headCount == 6)
        let specification = { (name: String, settings: AttentionMethods.Settings) in
            try AttentionMethods.make(name, settings: settings).specification
        }
        // Only a budget by mass or counts is part of a specification.
        #expect(try !specification("minference", settings).contains("gamma="))
        #expect(try specification("minference:gamma=0.8", settings).contains("gamma=0.8"))
        #expect(try specification("minference", model.methodSettings(usesOwn: false)).contains("gamma="))
        settings.budget = .fixed(verticals: 10, slashes: 20)
        #expect(try specification("minference", settings).contains("verticals=10"))
    }

    @Test func anotherModelsPatternsAreRefused() async throws {
        let model = try await ModelContainer.load("bundled", device: .cpu)
        let path = try #require(model.ownPatternsPath)
        let text = try String(decoding: InputFile.bytes(of: path), as: UTF8.self)
        #expect(throws: PatternsError.self) {
            try HeadPatterns.reading(text, layers: 6, heads: 6, fingerprint: "another")
        }
    }
}
