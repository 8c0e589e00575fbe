// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/keysizes.h"

#include "core/base/text.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <optional>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 mostKeysOfAServer = 1LL << 48; // limit, so that the sum over many servers stays exact
constexpr int mostDatabases = 1'000'000;
constexpr qsizetype longestLineShown = 100;

/// Converts the type name in a line of INFO keysizes to the name that TYPE returns.
QByteArray typeOfWord(const QByteArray &word)
{
    static const QMap<QByteArray, QByteArray> known{{"strings"_ba, "string"_ba}, {"lists"_ba, "list"_ba},
                                                    {"sets"_ba, "set"_ba},       {"zsets"_ba, "zset"_ba},
                                                    {"hashes"_ba, "hash"_ba},    {"streams"_ba, "stream"_ba}};
    return known.value(word, word);
}

/// Index of the bin with this label, such as "0", "512", "1K", "2M". The label is the bin's lower end, a power of two.
/// nullopt if it is invalid.
std::optional<size_t> placeOfBin(QByteArrayView label)
{
    constexpr QByteArrayView units = "KMGTPE";
    int shift = 0;
    if (!label.isEmpty())
        if (const qsizetype unit = units.indexOf(label.back()); unit >= 0) {
            shift = int(unit + 1) * 10;
            label.chop(1);
        }
    const auto number = toInteger(label);
    if (!number || *number < 0 || *number > 1024 * 1024)
        return std::nullopt;
    if (*number == 0)
        return shift == 0 ? std::optional<size_t>(0) : std::nullopt;
    if (!std::has_single_bit(quint64(*number)))
        return std::nullopt;
    const int power = int(std::bit_width(quint64(*number))) + shift;
    return size_t(std::min(power, int(PowerHistogram().size()) - 1));
}

/// "0=1,16=2,1K=3"
bool takeBins(QByteArrayView bins, PowerHistogram &keys)
{
    while (!bins.isEmpty()) {
        const qsizetype comma = bins.indexOf(',');
        const QByteArrayView bin = comma < 0 ? bins : bins.first(comma);
        bins = comma < 0 ? QByteArrayView() : bins.sliced(comma + 1);
        const qsizetype equals = bin.indexOf('=');
        if (equals < 0 || (comma >= 0 && bins.isEmpty()))
            return false;
        const auto place = placeOfBin(bin.first(equals));
        const auto count = toInteger(bin.sliced(equals + 1));
        if (!place || !count || *count < 0 || *count > mostKeysOfAServer)
            return false;
        keys[*place] += *count;
    }
    return true;
}

/// Removes "db12" from the start of `name` and returns the number.
std::optional<int> takeDatabase(QByteArrayView &name)
{
    if (!name.startsWith("db"))
        return std::nullopt;
    qsizetype end = 2;
    while (end < name.size() && name[end] >= '0' && name[end] <= '9')
        ++end;
    const auto number = toInteger(name.sliced(2, end - 2));
    if (!number || *number > mostDatabases)
        return std::nullopt;
    name = name.sliced(end);
    return int(*number);
}

SizesOfType &sizesIn(QList<SizesOfType> &types, const QByteArray &type, bool isMemory)
{
    for (SizesOfType &known : types)
        if (known.type == type && known.isMemory == isMemory)
            return known;
    types.append({.type = type, .isMemory = isMemory, .keys = {}});
    return types.last();
}

void addHistogram(PowerHistogram &into, const PowerHistogram &keys)
{
    for (size_t place = 0; place < into.size(); ++place)
        into[place] += keys[place];
}

/// Parses "db0_distrib_strings_sizes:0=1,16=2"; returns false for other lines.
bool takeSizesLine(QByteArrayView line, KeySizes &sizes)
{
    constexpr QByteArrayView middle = "_distrib_";
    const qsizetype colon = line.indexOf(':');
    if (colon < 0)
        return false;
    QByteArrayView name = line.first(colon);
    const auto database = takeDatabase(name);
    if (!database || !name.startsWith(middle))
        return false;
    name = name.sliced(middle.size());
    const bool areItems = name.endsWith("_items"), areSizes = name.endsWith("_sizes");
    if (!areItems && !areSizes)
        return false;
    const QByteArray type = typeOfWord(name.chopped(6).toByteArray());
    PowerHistogram keys{};
    if (type.isEmpty() || !takeBins(line.sliced(colon + 1), keys))
        return false;
    QList<SizesOfType> &types = sizes.databases[*database];
    if (types.size() >= KeySizes::mostTypes)
        return false;
    addHistogram(sizesIn(types, type, areSizes && type != "string").keys, keys);
    return true;
}

/// Parses "db0:keys=12,expires=3,avg_ttl=0".
void takeKeyspaceLine(QByteArrayView line, KeySizes &sizes)
{
    constexpr QByteArrayView keys = ":keys=";
    const auto database = takeDatabase(line);
    if (!database || !line.startsWith(keys))
        return;
    line = line.sliced(keys.size());
    const qsizetype comma = line.indexOf(',');
    if (const auto count = toInteger(comma < 0 ? line : line.first(comma)); count && *count >= 0)
        sizes.keys[*database] = std::min(*count, mostKeysOfAServer);
}

} // namespace

QString powerText(size_t place)
{
    return powerText(place, place);
}

QString powerText(size_t first, size_t last)
{
    const qint64 from = first == 0 ? 0 : 1LL << (first - 1), to = last == 0 ? 0 : (1LL << last) - 1;
    return from == to ? groupedNumber(from) : u"%1–%2"_s.arg(groupedNumber(from), groupedNumber(to));
}

qint64 SizesOfType::sum() const
{
    return std::accumulate(keys.begin(), keys.end(), qint64(0));
}

void KeySizes::add(const KeySizes &other)
{
    isTold = isTold || other.isTold;
    for (auto database = other.databases.constBegin(); database != other.databases.constEnd(); ++database)
        for (const SizesOfType &type : database.value())
            addHistogram(sizesIn(databases[database.key()], type.type, type.isMemory).keys, type.keys);
    for (auto count = other.keys.constBegin(); count != other.keys.constEnd(); ++count)
        keys[count.key()] += count.value();
    damaged += other.damaged.mid(0, std::max<qsizetype>(0, mostDamaged - damaged.size()));
    damagedCount += other.damagedCount;
}

QList<SizesOfType> KeySizes::sum(int database) const
{
    if (database >= 0)
        return databases.value(database);
    QList<SizesOfType> types;
    for (const QList<SizesOfType> &each : databases)
        for (const SizesOfType &type : each)
            addHistogram(sizesIn(types, type.type, type.isMemory).keys, type.keys);
    return types;
}

qint64 KeySizes::untold(int database) const
{
    if (damagedCount > 0 || (keys.isEmpty() && !databases.isEmpty()))
        return -1;
    qint64 all = 0, told = 0;
    for (auto count = keys.constBegin(); count != keys.constEnd(); ++count)
        all += database < 0 || count.key() == database ? count.value() : 0;
    const QList<SizesOfType> types = sum(database);
    for (const SizesOfType &type : types)
        told += type.isMemory ? 0 : type.sum();
    return std::max<qint64>(0, all - told);
}

KeySizes parseKeySizes(const QByteArray &info)
{
    KeySizes sizes;
    bool isInside = false;
    QByteArrayView rest(info);
    while (!rest.isEmpty()) {
        const qsizetype end = rest.indexOf('\n');
        const QByteArrayView line = (end < 0 ? rest : rest.first(end)).trimmed();
        rest = end < 0 ? QByteArrayView() : rest.sliced(end + 1);
        if (line.startsWith('#')) {
            isInside = line.sliced(1).trimmed().compare("Keysizes", Qt::CaseInsensitive) == 0;
            sizes.isTold = sizes.isTold || isInside;
        } else if (!isInside) {
            takeKeyspaceLine(line, sizes);
        } else if (!line.isEmpty() && !takeSizesLine(line, sizes)) {
            ++sizes.damagedCount;
            if (sizes.damaged.size() < KeySizes::mostDamaged)
                sizes.damaged.append(toDisplay(line.first(std::min(line.size(), longestLineShown)).toByteArray()));
        }
    }
    return sizes;
}

} // namespace slotscope
