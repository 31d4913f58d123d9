/// A value of a GGUF file's metadata.
public enum GGUFValue: Sendable, Hashable {
    /// An integer of any width; those beyond `Int` are refused as they are read.
    case integer(Int)
    /// A number of any width.
    case number(Double)
    /// True or false.
    case flag(Bool)
    /// Text; bytes that are no UTF-8 are replaced.
    case string(String)
    /// Integers.
    case integers([Int])
    /// Numbers.
    case numbers([Double])
    /// Texts.
    case strings([String])
    /// True and false.
    case flags([Bool])
}
