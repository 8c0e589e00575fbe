// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/forms.h"

#include <array>
#include <cmath>

// Reads Redis' HyperLogLog: 16,384 registers of six bits. Its header contains the last count, which PFCOUNT would
// update; this code counts without writing.
namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int registers = 16384;
using Histogram = std::array<int, 64>; ///< number of registers for each value

std::optional<Histogram> denseHistogram(QByteArrayView bytes)
{
    Histogram histogram{};
    if (bytes.size() < registers * 6 / 8)
        return std::nullopt;
    for (qsizetype i = 0; i < registers; ++i) {
        const qsizetype bit = i * 6;
        const int low = quint8(bytes[bit / 8]) >> (bit % 8);
        const int high = bit % 8 > 2 ? quint8(bytes[bit / 8 + 1]) << (8 - bit % 8) : 0;
        ++histogram[size_t((low | high) & 63)];
    }
    return histogram;
}

/// Reads the sparse form as runs: 00xxxxxx zeros, 01xxxxxx yyyyyyyy many zeros, 1vvvvvxx a value.
std::optional<Histogram> sparseHistogram(QByteArrayView bytes)
{
    Histogram histogram{};
    int total = 0;
    for (qsizetype at = 0; at < bytes.size(); ++at) {
        const quint8 byte = quint8(bytes[at]);
        int value = 0, run = 0;
        if ((byte & 0x80) != 0) {
            value = (byte >> 2 & 31) + 1;
            run = (byte & 3) + 1;
        } else if ((byte & 0x40) != 0) {
            if (++at == bytes.size())
                return std::nullopt;
            run = ((byte & 63) << 8 | quint8(bytes[at])) + 1;
        } else {
            run = (byte & 63) + 1;
        }
        histogram[size_t(value)] += run;
        total += run;
    }
    return total == registers ? std::optional(histogram) : std::nullopt;
}

double sigma(double x)
{
    if (x == 1.0)
        return HUGE_VAL;
    double before = 0, y = 1, z = x;
    do {
        x *= x;
        before = z;
        z += x * y;
        y += y;
    } while (before != z);
    return z;
}

double tau(double x)
{
    if (x == 0.0 || x == 1.0)
        return 0;
    double before = 0, y = 1, z = 1 - x;
    do {
        x = std::sqrt(x);
        before = z;
        y *= 0.5;
        z -= (1 - x) * (1 - x) * y;
    } while (before != z);
    return z / 3;
}

/// Ertl's estimator, which the servers use.
qint64 estimate(const Histogram &histogram)
{
    constexpr int q = 50;
    constexpr double m = registers, alphaInfinity = 0.721347520444481703680;
    double z = m * tau((m - histogram[q + 1]) / m);
    for (int j = q; j >= 1; --j)
        z = (z + histogram[size_t(j)]) * 0.5;
    z += m * sigma(histogram[0] / m);
    return std::llround(alphaInfinity * m * m / z);
}

} // namespace

Shown showHyperLogLog(QByteArrayView bytes)
{
    Shown shown;
    shown.syntax = Syntax::Json;
    shown.whyNotWritable = tr("A HyperLogLog can be changed with PFADD and PFMERGE only.");
    Cursor in(bytes);
    if (in.take(4) != "HYLL" || bytes.size() < 16 || quint8(bytes[4]) > 1) {
        shown.fail(0, tr("this is not a HyperLogLog of Redis"));
        return shown;
    }
    const bool dense = in.u8() == 0;
    in.take(3);
    const auto cached = in.little<quint64>();
    const bool stale = (cached >> 63) != 0;
    const auto histogram = dense ? denseHistogram(in.rest()) : sparseHistogram(in.rest());
    if (!histogram)
        shown.fail(16, tr("the HyperLogLog does not have %1 registers").arg(registers));
    shown.text = u"{\n  \"encoding\": \"%1\""_s.arg(dense ? u"dense"_s : u"sparse"_s);
    if (histogram)
        shown.text += u",\n  \"approximate_count\": %1"_s.arg(estimate(*histogram));
    if (!stale)
        shown.text += u",\n  \"count_in_header\": %1"_s.arg(cached);
    shown.text += u"\n}"_s;
    shown.note(stale ? tr("The count cached in the header is out of date; this one was computed from the registers. "
                          "PFCOUNT would update the header.")
                     : tr("An estimate (standard error 0.81 %); this is the count cached in the header."));
    return shown;
}

} // namespace slotscope
