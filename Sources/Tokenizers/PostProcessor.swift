/// The tokens that go around a text when special tokens are asked for.
struct PostProcessor: Sendable, Hashable {
    /// The tokens before the text.
    var prefix: [Int32] = []
    /// The tokens after the text.
    var suffix: [Int32] = []
}
