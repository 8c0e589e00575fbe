// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/themetokens.h"

#include <algorithm>
#include <array>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

const ThemeTokens &darkTokens()
{
    static const ThemeTokens tokens{.bg = 0x14171c,
                                    .surface = 0x1a1e25,
                                    .raised = 0x222730,
                                    .line = 0x2c323c,
                                    .line2 = 0x3a424e,
                                    .grid = 0x262c35,
                                    .text = 0xe6e9ee,
                                    .muted = 0x97a1af,
                                    .faint = 0x7f8997,
                                    .accent = 0x5b9dff,
                                    .fill = 0x2e6fdb,
                                    .fillHover = 0x2862c4,
                                    .onFill = 0xffffff,
                                    .accentBg = 0x1d3050,
                                    .sel = 0x24344d,
                                    .ok = 0x42b98d,
                                    .okBg = 0x17342c,
                                    .warn = 0xe3ad45,
                                    .warnBg = 0x3a2f18,
                                    .error = 0xec6b73,
                                    .errorBg = 0x3d2126,
                                    .errorFill = 0xc9343f,
                                    .accentMark = 0x5b9dff,
                                    .warnMark = 0xe3ad45,
                                    .errorMark = 0xec6b73,
                                    .mutedMark = 0x7f8997};
    return tokens;
}

const ThemeTokens &lightTokens()
{
    static const ThemeTokens tokens{.bg = 0xf4f6f8,
                                    .surface = 0xffffff,
                                    .raised = 0xf8f9fb,
                                    .line = 0xe0e4ea,
                                    .line2 = 0xcbd2db,
                                    .grid = 0xeceff3,
                                    .text = 0x1c222b,
                                    .muted = 0x586370,
                                    .faint = 0x66707e,
                                    .accent = 0x1a62d6,
                                    .fill = 0x1f6feb,
                                    .fillHover = 0x1a5fcc,
                                    .onFill = 0xffffff,
                                    .accentBg = 0xe3edfd,
                                    .sel = 0xe6effc,
                                    .ok = 0x137550,
                                    .okBg = 0xe0f4ec,
                                    .warn = 0x8a5b04,
                                    .warnBg = 0xfcf1da,
                                    .error = 0xc02c38,
                                    .errorBg = 0xfce7e9,
                                    .errorFill = 0xc02c38,
                                    .accentMark = 0x3d82f0,
                                    .warnMark = 0xd9961a,
                                    .errorMark = 0xd9434e,
                                    .mutedMark = 0x8894a3};
    return tokens;
}

const ThemeTokens &darkContrastTokens()
{
    static const ThemeTokens tokens{.bg = QColor(0, 0, 0),
                                    .surface = QColor(0, 0, 0),
                                    .raised = 0x1a1a1a,
                                    .line = 0x8a929c,
                                    .line2 = 0xb8c0ca,
                                    .grid = 0x3a3f47,
                                    .text = 0xffffff,
                                    .muted = 0xdde2e9,
                                    .faint = 0xc8cfd8,
                                    .accent = 0x9cc6ff,
                                    .fill = 0x0f4ba6,
                                    .fillHover = 0x0d4190,
                                    .onFill = 0xffffff,
                                    .accentBg = 0x0a2248,
                                    .sel = 0x0f2f5f,
                                    .ok = 0x6fe3b7,
                                    .okBg = 0x06281d,
                                    .warn = 0xffd27a,
                                    .warnBg = 0x332500,
                                    .error = 0xffb0b4,
                                    .errorBg = 0x3d0a10,
                                    .errorFill = 0x9c1420,
                                    .accentMark = 0x9cc6ff,
                                    .warnMark = 0xffd27a,
                                    .errorMark = 0xffb0b4,
                                    .mutedMark = 0xc8cfd8};
    return tokens;
}

const ThemeTokens &lightContrastTokens()
{
    static const ThemeTokens tokens{.bg = 0xffffff,
                                    .surface = 0xffffff,
                                    .raised = 0xf2f2f2,
                                    .line = 0x6c747e,
                                    .line2 = 0x434b55,
                                    .grid = 0xd0d4da,
                                    .text = QColor(0, 0, 0),
                                    .muted = 0x2a313a,
                                    .faint = 0x3a414b,
                                    .accent = 0x00398f,
                                    .fill = 0x003e9c,
                                    .fillHover = 0x003080,
                                    .onFill = 0xffffff,
                                    .accentBg = 0xe3edfd,
                                    .sel = 0xd6e5ff,
                                    .ok = 0x004a2e,
                                    .okBg = 0xe0f5ea,
                                    .warn = 0x573700,
                                    .warnBg = 0xfff0d0,
                                    .error = 0x860a16,
                                    .errorBg = 0xffe6e8,
                                    .errorFill = 0x8f0b18,
                                    .accentMark = 0x00398f,
                                    .warnMark = 0x573700,
                                    .errorMark = 0x860a16,
                                    .mutedMark = 0x3a414b};
    return tokens;
}

QList<std::pair<QString, QColor>> namedTokens(const ThemeTokens &t)
{
    return {{u"bg"_s, t.bg},
            {u"surface"_s, t.surface},
            {u"raised"_s, t.raised},
            {u"line"_s, t.line},
            {u"line2"_s, t.line2},
            {u"grid"_s, t.grid},
            {u"text"_s, t.text},
            {u"muted"_s, t.muted},
            {u"faint"_s, t.faint},
            {u"accent"_s, t.accent},
            {u"fill"_s, t.fill},
            {u"fillhover"_s, t.fillHover},
            {u"onfill"_s, t.onFill},
            {u"accentbg"_s, t.accentBg},
            {u"sel"_s, t.sel},
            {u"ok"_s, t.ok},
            {u"okbg"_s, t.okBg},
            {u"warn"_s, t.warn},
            {u"warnbg"_s, t.warnBg},
            {u"error"_s, t.error},
            {u"errorbg"_s, t.errorBg},
            {u"errorfill"_s, t.errorFill},
            {u"accentmark"_s, t.accentMark},
            {u"warnmark"_s, t.warnMark},
            {u"errormark"_s, t.errorMark},
            {u"mutedmark"_s, t.mutedMark}};
}

QColor shardColour(int index)
{
    static constexpr std::array<QRgb, shardColourCount> palette{0x5B8FF9, 0xF6A23C, 0x2FB5A6, 0xE86FA5,
                                                                0x8E7CE8, 0x6FBF4B, 0xD46A4C, 0x42B7E0,
                                                                0xD9C23A, 0x5A6BD8, 0x9AA33B, 0x8C97A6};
    const int shade = ((index % shardShadeCount) + shardShadeCount) % shardShadeCount;
    const QColor hue(palette[size_t(shade % shardColourCount)]);
    if (shade < shardColourCount)
        return hue;
    return shade < 2 * shardColourCount ? mixed(hue, Qt::white, 0.45) : mixed(hue, Qt::black, 0.4);
}

QColor mixed(const QColor &under, const QColor &over, double amount)
{
    const double part = std::clamp(amount, 0.0, 1.0);
    const auto channel = [part](int a, int b) { return int(std::lround(a + (b - a) * part)); };
    return {channel(under.red(), over.red()), channel(under.green(), over.green()), channel(under.blue(), over.blue())};
}

} // namespace slotscope
