#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How sizes that were found at one length follow the length of a prompt: with a power of it.
///
/// At exponent 0 a row attends as many keys at any length, as with the reference's files; at 1 the density stays. Shorter
/// prompts get the sizes as they are: a head of two blocks has none to give away, and attention there is cheap.
public struct LengthRule: Sendable, Hashable {
    /// The number of keys at which sizes hold as they are.
    public var referenceKeys: Int
    /// The power of `keys / referenceKeys` that sizes are multiplied by, 0 to 1.
    public var exponent: Double

    /// A rule; `referenceKeys` is positive.
    public init(referenceKeys: Int, exponent: Double) {
        precondition(
            referenceKeys > 0 && (0...1).contains(exponent), "a rule has a length and a power up to 1")
        self.referenceKeys = referenceKeys
        self.exponent = exponent
    }

    /// What sizes are multiplied by for a call over `keyCount` keys.
    public func factor(keyCount: Int) -> Double {
        keyCount <= referenceKeys ? 1 : pow(Double(keyCount) / Double(referenceKeys), exponent)
    }
}

extension HeadPattern {
    /// The pattern with its counts multiplied by `factor`, at least 1 where there was something; mass budgets and
    /// dense heads, which follow the prompt anyway, stay as they are.
    public func scaled(by factor: Double) -> HeadPattern {
        func scaled(_ count: Int) -> Int {
            count == 0 ? 0 : max(Int(min((Double(count) * factor).rounded(), Double(Int32.max))), 1)
        }
        switch storage {
        case .dense, .named: return self
        case .aShape(let sinks, let local): return .aShape(sinks: scaled(sinks), local: scaled(local))
        case .blockSparse(let topBlocks): return .blockSparse(topBlocks: scaled(topBlocks))
        case .verticalSlash(let budget):
            guard case .fixed(let verticals, let slashes) = budget.storage else { return self }
            return .verticalSlash(verticals: scaled(verticals), slashes: scaled(slashes))
        }
    }
}
