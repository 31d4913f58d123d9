/// A token that is found in a text before anything else looks at it, such as `<|end|>`.
struct AddedToken: Sendable, Hashable {
    /// Its id.
    var id: Int32
    /// Its text.
    var content: String
    /// Whether it must not touch a word character on either side.
    var isSingleWord = false
    /// Whether it takes the white space before it.
    var stripsLeft = false
    /// Whether it takes the white space after it.
    var stripsRight = false
    /// Whether it is looked for in the normalized text rather than in the text as given.
    var isNormalized = false
    /// What is looked for in the normalized text, where that is not the normalized form of ``content``.
    var pattern: [UInt8]?
    /// Whether it controls the model rather than being text: left out when decoding, if so asked.
    var isSpecial = false
}
