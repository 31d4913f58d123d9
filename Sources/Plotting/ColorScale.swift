/// Colours for numbers, dark to bright, even in lightness so that they also read in grey and without red or green.
public struct ColorScale: Sendable, Hashable {
    private let anchors: [Color]

    /// The colour of a share, 0...1; others are clamped.
    public func color(_ share: Double) -> Color {
        let place = min(max(share, 0), 1) * Double(anchors.count - 1)
        let lower = min(Int(place), anchors.count - 2)
        return anchors[lower].mixed(with: anchors[lower + 1], share: place - Double(lower))
    }

    /// Dark violet over green to yellow. Source: matplotlib's viridis, at ten even places.
    public static let viridis = ColorScale(anchors: [
        Color(0x440154), Color(0x482878), Color(0x3E4A89), Color(0x31688E), Color(0x26828E),
        Color(0x1F9E89), Color(0x35B779), Color(0x6DCD59), Color(0xB4DE2C), Color(0xFDE725),
    ])

    /// Dark blue over grey to yellow, the same for people who do not see red or green.
    /// Source: Nuñez, Anderton and Renslow (2018), at ten even places.
    public static let cividis = ColorScale(anchors: [
        Color(0x00204D), Color(0x00336F), Color(0x39486B), Color(0x575C6D), Color(0x707173),
        Color(0x8A8779), Color(0xA69D75), Color(0xC4B56C), Color(0xE4CF5B), Color(0xFFEA46),
    ])
}
