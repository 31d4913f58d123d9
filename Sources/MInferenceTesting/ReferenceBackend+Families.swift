import Compute

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What models of some families need.
extension ReferenceBackend {
    /// All of them.
    public var features: BackendFeatures { .all }

    /// `gelu(gate) * up`, by GELU's tanh approximation.
    public func geluGate(_ gateUp: Tensor, into output: Tensor) throws {
        let width = gateUp.rowCount / 2
        precondition(output.shape == [gateUp.shape[0], width], "half as wide as its input")
        let (from, to) = (ReferenceElements(gateUp), ReferenceElements(output))
        for row in 0..<gateUp.shape[0] {
            for column in 0..<width {
                let gate = Double(from[row * 2 * width + column])
                let inner = (2 / Double.pi).squareRoot() * (gate + 0.044715 * gate * gate * gate)
                let up = Double(from[row * 2 * width + width + column])
                to[row * width + column] = Float(gate / 2 * (1 + tanh(inner)) * up)
            }
        }
    }

    /// RMSNorm head by head.
    public func normalizeHeads(_ qkv: Tensor, heads: Range<Int>, weight: Tensor, epsilon: Float) throws {
        let (width, dimension) = (qkv.rowCount, weight.count)
        let (elements, scale) = (ReferenceElements(qkv), ReferenceElements(weight))
        for row in 0..<qkv.shape[0] {
            for head in heads {
                let start = row * width + head * dimension
                let squares = (0..<dimension).reduce(0.0) {
                    $0 + Double(elements[start + $1]) * Double(elements[start + $1])
                }
                let factor = 1 / (squares / Double(dimension) + Double(epsilon)).squareRoot()
                for column in 0..<dimension {
                    elements[start + column] = Float(
                        Double(elements[start + column]) * factor * Double(scale[column]))
                }
            }
        }
    }

    /// Element by element.
    public func scale(_ x: Tensor, by factor: Float) throws { map(x) { $0 * Double(factor) } }

    /// Element by element.
    public func softCap(_ x: Tensor, at cap: Float) throws {
        map(x) { Double(cap) * tanh($0 / Double(cap)) }
    }

    /// Element by element.
    public func add(_ x: Tensor, to output: Tensor) throws {
        precondition(x.shape == output.shape, "the same shape")
        let (from, to) = (ReferenceElements(x), ReferenceElements(output))
        for index in 0..<from.count { to[index] = to[index] + from[index] }
    }

    /// Row by row.
    public func gatherRows(_ x: Tensor, rows: [Int32], into output: Tensor) throws {
        let width = x.rowCount
        precondition(output.shape == [rows.count, width], "one output row per index")
        let (from, to) = (ReferenceElements(x), ReferenceElements(output))
        for (row, source) in rows.enumerated() {
            for column in 0..<width { to[row * width + column] = from[Int(source) * width + column] }
        }
    }

    /// Row by row.
    public func addRows(_ x: Tensor, to output: Tensor, rows: [Int32], weights: [Float]) throws {
        let width = x.rowCount
        precondition(x.shape[0] == rows.count && output.rowCount == width, "one row per index")
        let (from, to) = (ReferenceElements(x), ReferenceElements(output))
        for (row, target) in rows.enumerated() {
            for column in 0..<width {
                let place = Int(target) * width + column
                to[place] = Float(
                    Double(to[place]) + Double(weights[row]) * Double(from[row * width + column]))
            }
        }
    }

    private func map(_ x: Tensor, _ body: (Double) -> Double) {
        let elements = ReferenceElements(x)
        for index in 0..<elements.count { elements[index] = Float(body(Double(elements[index]))) }
    }
}
