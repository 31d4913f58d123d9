/// A set of characters as a pattern describes it, such as `[^\s\p{L}]`.
struct ScalarSet: Sendable {
    /// Characters by value.
    var ranges: [ClosedRange<UInt32>] = []
    /// Characters by general category: bits of ``bit(of:)``.
    var categories: UInt32 = 0
    /// Whether white space is in the set: `\s`.
    var hasWhitespace = false
    /// Whether the characters of words are in the set: `\w`.
    var hasWordCharacters = false
    /// Sets that are in this one.
    var parts: [ScalarSet] = []
    /// Sets that a character must be in as well.
    var limits: [ScalarSet] = []
    /// Whether the set is everything but this.
    var isNegated = false

    func contains(_ value: UInt32) -> Bool {
        (includes(value) && limits.allSatisfy { $0.contains(value) }) != isNegated
    }

    private func includes(_ value: UInt32) -> Bool {
        if ranges.contains(where: { $0.contains(value) }) { return true }
        if parts.contains(where: { $0.contains(value) }) { return true }
        guard categories != 0 || hasWhitespace || hasWordCharacters, let scalar = Unicode.Scalar(value) else {
            return false
        }
        let properties = scalar.properties
        if hasWhitespace, properties.isWhitespace { return true }
        guard categories != 0 || hasWordCharacters else { return false }
        let category = Self.bit(of: ScalarClass.generalCategory(of: scalar))
        if categories & category != 0 { return true }
        return hasWordCharacters
            && (category & Self.wordCategories != 0
                || (category != Self.unassigned && properties.isAlphabetic))
    }

    // MARK: Categories

    /// The general categories by their short names, in the order of their bits.
    private static let names: [(name: String, category: Unicode.GeneralCategory)] = [
        ("lu", .uppercaseLetter), ("ll", .lowercaseLetter), ("lt", .titlecaseLetter), ("lm", .modifierLetter),
        ("lo", .otherLetter), ("mn", .nonspacingMark), ("mc", .spacingMark), ("me", .enclosingMark),
        ("nd", .decimalNumber), ("nl", .letterNumber), ("no", .otherNumber), ("pc", .connectorPunctuation),
        ("pd", .dashPunctuation), ("ps", .openPunctuation), ("pe", .closePunctuation),
        ("pi", .initialPunctuation),
        ("pf", .finalPunctuation), ("po", .otherPunctuation), ("sm", .mathSymbol), ("sc", .currencySymbol),
        ("sk", .modifierSymbol), ("so", .otherSymbol), ("zs", .spaceSeparator), ("zl", .lineSeparator),
        ("zp", .paragraphSeparator), ("cc", .control), ("cf", .format), ("cs", .surrogate),
        ("co", .privateUse),
        ("cn", .unassigned),
    ]

    private static let longNames = [
        "letter": "l", "mark": "m", "number": "n", "punctuation": "p", "punct": "p", "symbol": "s",
        "separator": "z", "other": "c",
    ]

    private static let bits: [Unicode.GeneralCategory: UInt32] = {
        var bits: [Unicode.GeneralCategory: UInt32] = [:]
        for (place, entry) in names.enumerated() { bits[entry.category] = 1 << UInt32(place) }
        return bits
    }()

    private static let wordCategories = ["m", "nd", "pc"].reduce(0) { $0 | mask(named: $1) }
    private static let unassigned = mask(named: "cn")

    /// The bit of a category.
    static func bit(of category: Unicode.GeneralCategory) -> UInt32 { bits[category] ?? 0 }

    /// The bits of the categories with a name such as `Lu` or `L`; zero when there is none.
    static func mask(named name: String) -> UInt32 {
        let short = longNames[name.lowercased()] ?? name.lowercased()
        guard (1...2).contains(short.count) else { return 0 }
        return names.enumerated().reduce(0) { mask, entry in
            entry.element.name.hasPrefix(short) ? mask | 1 << UInt32(entry.offset) : mask
        }
    }

    // MARK: Known sets

    static let digits = ScalarSet(categories: mask(named: "nd"))
    static let whitespace = ScalarSet(hasWhitespace: true)
    static let wordCharacters = ScalarSet(hasWordCharacters: true)
    static let hexDigits = ScalarSet(ranges: [0x30...0x39, 0x41...0x46, 0x61...0x66])
    static let everything = ScalarSet(ranges: [0...0x10FFFF])
    static let lineFeed = ScalarSet(ranges: [0x0A...0x0A])

    /// The set of `\p{name}`, or nil when it is not known.
    static func property(_ name: String) -> ScalarSet? {
        let plain = String(name.filter { $0 != " " && $0 != "_" && $0 != "-" }).lowercased()
        if let script = scripts[plain] { return ScalarSet(ranges: script) }
        if plain == "any" { return .everything }
        let mask = mask(named: plain)
        return mask == 0 ? nil : ScalarSet(categories: mask)
    }

    /// The scripts that patterns of tokenizers name (Unicode 16, Scripts.txt).
    private static let scripts: [String: [ClosedRange<UInt32>]] = [
        "han": [
            0x2E80...0x2E99, 0x2E9B...0x2EF3, 0x2F00...0x2FD5, 0x3005...0x3005, 0x3007...0x3007,
            0x3021...0x3029,
            0x3038...0x303B, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFA6D, 0xFA70...0xFAD9,
            0x16FE2...0x16FE3,
            0x16FF0...0x16FF1, 0x20000...0x2A6DF, 0x2A700...0x2B739, 0x2B740...0x2B81D, 0x2B820...0x2CEA1,
            0x2CEB0...0x2EBE0, 0x2EBF0...0x2EE5D, 0x2F800...0x2FA1D, 0x30000...0x3134A, 0x31350...0x323AF,
        ],
        "hiragana": [
            0x3041...0x3096, 0x309D...0x309F, 0x1B001...0x1B11F, 0x1B132...0x1B132, 0x1B150...0x1B152,
            0x1F200...0x1F200,
        ],
        "katakana": [
            0x30A1...0x30FA, 0x30FD...0x30FF, 0x31F0...0x31FF, 0x32D0...0x32FE, 0x3300...0x3357,
            0xFF66...0xFF6F,
            0xFF71...0xFF9D, 0x1AFF0...0x1AFF3, 0x1AFF5...0x1AFFB, 0x1AFFD...0x1AFFE, 0x1B000...0x1B000,
            0x1B120...0x1B122, 0x1B155...0x1B155, 0x1B164...0x1B167,
        ],
    ]
}

extension ScalarSet {
    /// The set with the other cases of its characters.
    ///
    /// Simple case mappings and the three signs that map to letters: a pattern's `ss` does not match `ß`.
    func ignoringCase() -> ScalarSet {
        var result = self
        result.parts = parts.map { $0.ignoringCase() }
        result.limits = limits.map { $0.ignoringCase() }
        for range in ranges where range.upperBound - range.lowerBound < 0x1000 {
            for value in range { result.ranges += Self.otherCases(of: value).map { $0...$0 } }
        }
        let cased = Self.mask(named: "lu") | Self.mask(named: "ll") | Self.mask(named: "lt")
        if categories & cased != 0 { result.categories |= cased }
        return result
    }

    private static func otherCases(of value: UInt32) -> [UInt32] {
        guard let scalar = Unicode.Scalar(value) else { return [] }
        let signs: [UInt32] =
            switch value | 0x20 {
            case 0x73: [0x17F]
            case 0x6B: [0x212A]
            case 0xE5: [0x212B]
            default: []
            }
        let mappings = [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping]
        return signs
            + mappings.compactMap { $0.unicodeScalars.count == 1 ? $0.unicodeScalars.first?.value : nil }
            .filter {
                $0 != value
            }
    }
}

/// A ``ScalarSet`` with the answers for ASCII at hand.
struct CompiledScalarSet: Sendable {
    private let low: UInt64
    private let high: UInt64
    private let definition: ScalarSet

    init(_ definition: ScalarSet) {
        self.definition = definition
        func bits(_ first: UInt32) -> UInt64 {
            (0..<64).reduce(0) { definition.contains(first + $1) ? $0 | 1 << UInt64($1) : $0 }
        }
        low = bits(0)
        high = bits(64)
    }

    @inline(__always)
    func contains(_ value: UInt32) -> Bool {
        if value < 64 { return low >> UInt64(value) & 1 != 0 }
        if value < 128 { return high >> UInt64(value - 64) & 1 != 0 }
        return definition.contains(value)
    }
}
