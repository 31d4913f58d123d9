/// The attention methods that can be asked for by name.
public enum AttentionMethods {
    /// A method as `all` lists it.
    public struct Entry: Sendable {
        /// The name that specifications begin with.
        public let name: String
        /// What the method does, in a line, with its source.
        public let summary: String
        /// The options that it takes beside the common ones.
        public let options: [Option]
        /// What the common options are when they are not given.
        public let defaults: CommonOptions
        let make: @Sendable (AttentionMethodSpecification, Settings) throws -> any AttentionMethod

        init(
            name: String, summary: String, options: [Option] = [], defaults: CommonOptions = CommonOptions(),
            make:
                @escaping @Sendable (AttentionMethodSpecification, Settings) throws -> any AttentionMethod
        ) {
            self.name = name
            self.summary = summary
            self.options = options
            self.defaults = defaults
            self.make = make
        }
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
        /// Patterns that came with the model: what `patterns` is where neither it nor any budget is given.
        public var ownPatterns: HeadPatterns?
        /// How much each head keeps, for methods that take it.
        public var budget: VerticalSlashBudget?

        /// Settings.
        public init(
            patterns: HeadPatterns? = nil, ownPatterns: HeadPatterns? = nil,
            budget: VerticalSlashBudget? = nil
        ) {
            self.patterns = patterns
            self.ownPatterns = ownPatterns
            self.budget = budget
        }
    }

    /// Every method, in the order to list them.
    public static let all: [Entry] = [
        minference, aShape, triShape, triangleMix, dilated, strided, staticIndexes, topK, infLLM, blockSparse,
        flexPrefill, xAttention, flashPrefill, dense,
    ]

    /// The options that every method takes, with their defaults where a method has none of its own.
    public static var commonOptions: [Option] { CommonOptions.descriptions }

    /// What is used unless something else is asked for: MInference with its standard budget, the last rows dense.
    public static var standard: any AttentionMethod {
        ComposedMethod(MInferenceMethod(), options: minference.defaults)
    }

    /// The method that a text such as `minference:gamma=0.9`, or `minference+3=a-shape`, asks for.
    ///
    /// Throws `AttentionMethodError`, or what a file that an option names lacks.
    public static func make(_ text: String, settings: Settings = Settings()) throws -> any AttentionMethod {
        let parts = try AttentionMethodSpecification.layers(parsing: text)
        // Settings are meant for the method that the text begins with.
        var method = try make(parts[0].specification, settings: settings)
        for part in parts.dropFirst() {
            method = LayeredMethod(
                lower: method, boundary: part.firstLayer, upper: try make(part.specification))
        }
        return method
    }

    /// The method that a specification asks for.
    ///
    /// Throws `AttentionMethodError`, or what a file that an option names lacks.
    public static func make(
        _ specification: AttentionMethodSpecification, settings: Settings = Settings()
    ) throws -> any AttentionMethod {
        guard let entry = all.first(where: { $0.name == specification.name }) else {
            throw AttentionMethodError.unknownMethod(specification.name)
        }
        let known = (entry.options + commonOptions).map(\.key)
        for option in specification.options where !known.contains(option.key) {
            throw AttentionMethodError.unknownOption(method: entry.name, option: option.key, known: known)
        }
        if entry.name != minference.name { try refuse(settings, of: entry.name) }
        let common = try CommonOptions(specification, defaults: entry.defaults)
        let method = try entry.make(specification, settings)
        return common == CommonOptions() && entry.defaults == CommonOptions()
            ? method : ComposedMethod(method, options: common)
    }

    private static let dense = Entry(name: "dense", summary: "every key for every row") { _, _ in
        DenseMethod()
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
