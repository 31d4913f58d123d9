import Compute

extension QuantizedModule {
    /// GPTQ (arXiv 2210.17323): `weight[o][i] = scales[g][o] * (q[i][o] - zero[g][o])`, `g = g_idx[i]`.
    ///
    /// `qweight` is `[inputs * bits / 32, outputs]`, a word holding consecutive inputs from its low bits on; `qzeros` is
    /// `[groups, outputs * bits / 32]`.
    func gptq() throws(CheckpointError) -> HostTensor {
        let weight = try part("qweight")
        let (bits, perWord) = (scheme.bits, 32 / scheme.bits)
        let (rows, outputs) = try extents(weight)
        let inputs = rows * perWord
        let words = SharedPointer(try weight.words(shape: weight.shape))
        let (size, groups) = try groups(inputs: inputs, of: weight)
        let groupOf = try groupOfInput(inputs: inputs, groupSize: size, groupCount: groups, "g_idx")
        let scales = try part("scales").numbers(shape: [groups, outputs])
        guard outputs.isMultiple(of: perWord) else {
            throw weight.invalid("its \(outputs) outputs are no multiple of \(perWord)")
        }
        let zeroTensor = try part("qzeros")
        let zeroWords = SharedPointer(try zeroTensor.words(shape: [groups, outputs / perWord]))
        let mask: UInt32 = (1 << UInt32(bits)) - 1
        let more: UInt32 = scheme.zeroPointsAreOneLess ? 1 : 0
        return WidenedMatrix.tensor(name, shape: [outputs, inputs]) { output, numbers in
            let factors = (0..<groups).map { scales[$0 * outputs + output] }
            let zeros = (0..<groups).map { group in
                let word = zeroWords[group * (outputs / perWord) + output / perWord]
                // The first format stores zero points less one, within their bits.
                return Int32(((word >> UInt32(output % perWord * bits)) &+ more) & mask)
            }
            for row in 0..<rows {
                let word = words[row * outputs + output]
                for place in 0..<perWord {
                    let input = row * perWord + place
                    let group = groupOf[input]
                    let number = Int32(word >> UInt32(place * bits) & mask) - zeros[group]
                    numbers[input] = factors[group] * Float(number)
                }
            }
        }
    }

    /// AWQ (arXiv 2306.00978), GEMM form: `weight[o][i] = scales[g][o] * (q[i][o] - zero[g][o])`, `g = i / group_size`.
    ///
    /// `qweight` is `[inputs, outputs / 8]` and `qzeros` `[groups, outputs / 8]`; the eight outputs of a word come from
    /// its low bits on in the order 0, 2, 4, 6, 1, 3, 5, 7.
    func awq() throws(CheckpointError) -> HostTensor {
        let weight = try part("qweight")
        let (inputs, wordColumns) = try extents(weight)
        let outputs = wordColumns * 8
        let words = SharedPointer(try weight.words(shape: weight.shape))
        let (size, groups) = try groups(inputs: inputs, of: weight)
        let scales = try part("scales").numbers(shape: [groups, outputs])
        let zeroTensor = try part("qzeros")
        let zeroWords = SharedPointer(try zeroTensor.words(shape: [groups, wordColumns]))
        return WidenedMatrix.tensor(name, shape: [outputs, inputs]) { output, numbers in
            let column = output / 8
            // Even outputs lie in the lower half of the word, odd ones in the upper.
            let shift = UInt32(4 * (output % 8 / 2 + output % 2 * 4))
            for group in 0..<groups {
                let factor = scales[group * outputs + output]
                let zero = Int32(zeroWords[group * wordColumns + column] >> shift & 15)
                for input in group * size..<(group + 1) * size {
                    numbers[input] =
                        factor * Float(Int32(words[input * wordColumns + column] >> shift & 15) - zero)
                }
            }
        }
    }

    /// compressed-tensors' `pack-quantized`: `weight[o][i] = scale[o][g] * (q[o][i] - zero[o][g])`.
    ///
    /// `weight_packed` is `[outputs, inputs * bits / 32]`, rounded up, of numbers with `2^(bits - 1)` added; so is
    /// `weight_zero_point`, packed along the outputs. `weight_shape` holds the true extents.
    func packed() throws(CheckpointError) -> HostTensor {
        let weight = try part("weight_packed")
        let (bits, perWord) = (scheme.bits, 32 / scheme.bits)
        let (outputs, wordColumns) = try extents(weight)
        let inputs = try packedInputs(outputs: outputs, wordColumns: wordColumns, perWord: perWord)
        let words = SharedPointer(try weight.words(shape: weight.shape))
        let (size, groups) = try groups(inputs: inputs, of: weight)
        let groupOf = try groupOfInput(inputs: inputs, groupSize: size, groupCount: groups, "weight_g_idx")
        let scales = try part("weight_scale").numbers(shape: [outputs, groups])
        let zeroWords = try optionalPart("weight_zero_point").map { (part) throws(CheckpointError) in
            SharedPointer(try part.words(shape: [(outputs + perWord - 1) / perWord, groups]))
        }
        let mask: UInt32 = (1 << UInt32(bits)) - 1
        let middle = Int32(1) << Int32(bits - 1)
        return WidenedMatrix.tensor(name, shape: [outputs, inputs]) { output, numbers in
            let zeros = (0..<groups).map { group -> Int32 in
                guard let zeroWords else { return middle }
                let word = zeroWords[output / perWord * groups + group]
                return Int32(word >> UInt32(output % perWord * bits) & mask)
            }
            for input in 0..<inputs {
                let word = words[output * wordColumns + input / perWord]
                let number = Int32(word >> UInt32(input % perWord * bits) & mask)
                numbers[input] =
                    scales[output * groups + groupOf[input]] * Float(number - zeros[groupOf[input]])
            }
        }
    }

    /// The inputs that `weight_shape` says, which must fit the packed words.
    private func packedInputs(outputs: Int, wordColumns: Int, perWord: Int) throws(CheckpointError) -> Int {
        guard let shape = try optionalPart("weight_shape") else { return wordColumns * perWord }
        guard shape.dtype == .i64, shape.shape == [2] else {
            throw shape.invalid("is \(shape.dtype.rawValue) \(shape.shape), expected I64 [2]")
        }
        let values = (0..<2).map { shape.bytes.loadUnaligned(fromByteOffset: $0 * 8, as: Int64.self) }
        guard values[0] == Int64(outputs), values[1] >= 0, values[1] <= Int64(wordColumns * perWord),
            (Int(values[1]) + perWord - 1) / perWord == wordColumns
        else {
            throw shape.invalid(
                "says \(values), which is not the size of \(prefix)weight_packed [\(outputs), \(wordColumns)]"
            )
        }
        return Int(values[1])
    }
}
