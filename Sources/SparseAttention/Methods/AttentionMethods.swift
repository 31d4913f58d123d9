/// The attention methods that can be asked for by name.
public enum AttentionMethods {
    /// A method as `all` lists it.
    public struct Entry: Sendable {
        /// The name that specifications begin with.
        public let name: String
        /// What the method does, in a line.
        public let summary: String
        /// The options that it takes.
        public let options: [Option]
        let make: @Sendable (AttentionMethodSpecification, Settings) throws -> any AttentionMethod
    }

    /// An option of a method.
    public struct Option: Sendable, Hashable {
        /// The option's name.
        public let key: String
        /// What it sets and what it is when it is not given.
        public let summary: String
    }

    /// What a method may need that a specification does not hold.
    public struct Settings: Sendable {
        /// The pattern of each head, for methods that take it.
        public var patterns: HeadPatterns?
        /// How much each head keeps, for methods that take it.
        public var budget: VerticalSlashBudget?

        /// Settings.
        public init(patterns: HeadPatterns? = nil, budget: VerticalSlashBudget? = nil) {
            self.patterns = patterns
            self.budget = budget
        }
    }

    /// Every method, in the order to list them.
    public static let all: [Entry] = [minference, aShape, dense]

    /// The method that a text such as `minference:gamma=0.9` asks for.
    ///
    /// Throws `AttentionMethodError`.
    public static func make(_ text: String, settings: Settings = Settings()) throws -> any AttentionMethod {
        try make(AttentionMethodSpecification(parsing: text), settings: settings)
    }

    /// The method that a specification asks for.
    ///
    /// Throws `AttentionMethodError`.
    public static func make(
        _ specification: AttentionMethodSpecification, settings: Settings = Settings()
    ) throws -> any AttentionMethod {
        guard let entry = all.first(where: { $0.name == specification.name }) else {
            throw AttentionMethodError.unknownMethod(specification.name)
        }
        let known = entry.options.map(\.key)
        for option in specification.options where !known.contains(option.key) {
            throw AttentionMethodError.unknownOption(method: entry.name, option: option.key, known: known)
        }
        return try entry.make(specification, settings)
    }

    private static let dense = Entry(name: "dense", summary: "every key for every row", options: []) {
        specification, settings in
        try refuse(settings, of: specification.name)
        return DenseMethod()
    }

    private static let aShape = Entry(
        name: "a-shape", summary: "the first keys and the last ones (StreamingLLM)",
        options: [
            Option(key: "sinks", summary: "keys kept at the start (1024)"),
            Option(key: "local", summary: "distances kept before each row (4096)"),
        ]
    ) { specification, settings in
        try refuse(settings, of: specification.name)
        var method = AShapeMethod()
        method.sinks = try specification.integer("sinks", atLeast: 0) ?? method.sinks
        method.local = try specification.integer("local", atLeast: 1) ?? method.local
        return method
    }

    private static func refuse(_ settings: Settings, of method: String) throws(AttentionMethodError) {
        if settings.patterns != nil {
            throw .conflict(method: method, reason: "it takes no patterns file; leave the file out")
        }
        if settings.budget != nil {
            throw .conflict(method: method, reason: "it takes no budget; leave the budget out")
        }
    }
}
