/// RULER's forty depths in percent, evenly spaced from 0 to 100 and rounded.
enum DepthGrid {
    static let depths: [Double] = (0..<40).map { (Double($0) * 100 / 39).rounded() }
}
