/// The options that every method takes.
public struct CommonOptions: Sendable, Hashable {
    /// The first layers that are dense. Source: FlashPrefill V2 (arXiv 2608.19758) keeps four.
    public var denseLayers = 0
    /// The last rows of a prompt that attend every key. Where indexes are estimated in chunks, it is those of the
    /// prompt's last run, and the rows of all runs that are no longer than this.
    /// Source: the tri-shape of SCBench (arXiv 2412.10319).
    public var lastRowsDense = 0
    /// The scale `a` of the threshold `a / keyCount` below which a kernel may leave a tile of keys out; nil for none.
    /// Source: BLASST (arXiv 2512.12087), equation of the length-dependent threshold.
    public var skip: Float?

    /// No option set.
    public init(denseLayers: Int = 0, lastRowsDense: Int = 0, skip: Float? = nil) {
        self.denseLayers = denseLayers
        self.lastRowsDense = lastRowsDense
        self.skip = skip
    }

    /// What `minference methods` prints of them.
    static let descriptions = [
        AttentionMethods.Option(key: "dense-layers", summary: "first layers that are dense"),
        AttentionMethods.Option(
            key: "last-rows-dense", summary: "last rows that attend every key"),
        AttentionMethods.Option(
            key: "skip",
            summary: "leave tiles out whose weights stay below skip / keys of the row's largest (BLASST)"),
    ]

    /// The options of a specification, each `defaults`' where it is not given.
    init(
        _ specification: AttentionMethodSpecification, defaults: CommonOptions
    ) throws(AttentionMethodError) {
        denseLayers = try specification.integer("dense-layers", atLeast: 0) ?? defaults.denseLayers
        lastRowsDense = try specification.integer("last-rows-dense", atLeast: 0) ?? defaults.lastRowsDense
        skip = try specification.positive("skip").map { Float($0) } ?? defaults.skip
    }
}
