import ArgumentParser
import Compute

extension WeightFormat: ExpressibleByArgument {
    /// `native`, `int8`, `fp8`, or one of the latter two with `:N` for a factor per `N` inputs.
    public init?(argument: String) {
        let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
        guard let element = Element(rawValue: String(parts[0])), parts.count <= 2 else { return nil }
        guard parts.count == 2 else {
            self.init(element: element, groupSize: nil)
            return
        }
        guard element != .native, let size = Int(parts[1]), (16...256).contains(size),
            size.nonzeroBitCount == 1
        else { return nil }
        self.init(element: element, groupSize: size)
    }
}
