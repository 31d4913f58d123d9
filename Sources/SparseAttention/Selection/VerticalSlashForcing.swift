/// The lines that every vertical-slash head keeps, whatever was estimated.
public struct VerticalSlashForcing: Sendable, Hashable {
    /// Key columns `0..<sinks` are kept.
    public var sinks: Int
    /// Distances `0..<local` are kept.
    public var local: Int
    /// A fixed budget keeps at least this many columns.
    public var minimumVerticals: Int
    /// A fixed budget keeps at least this many distances.
    public var minimumSlashes: Int

    package init(sinks: Int, local: Int, minimumVerticals: Int, minimumSlashes: Int) {
        self.sinks = sinks
        self.local = local
        self.minimumVerticals = minimumVerticals
        self.minimumSlashes = minimumSlashes
    }

    /// What budgets by mass keep. The last rows, from which lines are chosen, show what the prompt's end needs; a local
    /// band wider than the reference's stands for all other rows. A diffuse head's output is near the mean of its values,
    /// and neighbours are an even sample of those where a few heavy columns are not: see `Documentation/Methods.md`.
    public static let wide = VerticalSlashForcing(
        sinks: 64, local: 256, minimumVerticals: 30, minimumSlashes: 50)
    /// What the reference does while it processes a prompt, and what fixed budgets keep.
    public static let standard = VerticalSlashForcing(
        sinks: 30, local: 100, minimumVerticals: 30, minimumSlashes: 50)
    /// What the reference does in its offline search.
    public static let search = VerticalSlashForcing(
        sinks: 30, local: 30, minimumVerticals: 30, minimumSlashes: 50)
}
