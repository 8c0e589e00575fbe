// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/console/linkeffect.h"

#include "core/protocol/commandnames.h"

#include <QHash>

namespace slotscope {

LinkEffect linkEffectOf(const Command &command)
{
    static const QHash<QByteArray, LinkEffect> byName{{"multi", LinkEffect::Multi},
                                                      {"exec", LinkEffect::Exec},
                                                      {"discard", LinkEffect::Discard},
                                                      {"watch", LinkEffect::Watch},
                                                      {"unwatch", LinkEffect::Unwatch},
                                                      {"subscribe", LinkEffect::Subscribe},
                                                      {"psubscribe", LinkEffect::Subscribe},
                                                      {"ssubscribe", LinkEffect::Subscribe},
                                                      {"unsubscribe", LinkEffect::Unsubscribe},
                                                      {"punsubscribe", LinkEffect::Unsubscribe},
                                                      {"sunsubscribe", LinkEffect::Unsubscribe},
                                                      {"monitor", LinkEffect::Monitor},
                                                      {"select", LinkEffect::Select},
                                                      {"auth", LinkEffect::Auth},
                                                      {"hello", LinkEffect::Hello},
                                                      {"reset", LinkEffect::Reset},
                                                      {"quit", LinkEffect::Quit},
                                                      {"readonly", LinkEffect::Setting},
                                                      {"readwrite", LinkEffect::Setting}};
    const QByteArray name = ownNameOf(command.value(0)).toLower(); // the server may use another name (rename-command)
    const bool takesNone = name == "multi" || name == "exec" || name == "discard" || name == "monitor";
    if (takesNone && command.size() > 1) // the server refuses arguments, so nothing changes
        return LinkEffect::None;
    const bool needsSome = name == "subscribe" || name == "psubscribe" || name == "ssubscribe";
    if (needsSome && command.size() < 2)
        return LinkEffect::None;
    if (name != "client")
        return byName.value(name, LinkEffect::None);
    const QByteArray sub = command.value(1).toLower();
    const QByteArray how = command.value(2).toLower();
    if (sub == "reply" && command.size() == 3)
        return how == "off" ? LinkEffect::RepliesOff
            : how == "skip" ? LinkEffect::SkipReply
            : how == "on"   ? LinkEffect::RepliesOn
                            : LinkEffect::None;
    const bool isSetting = sub == "setname" || sub == "no-touch" || sub == "no-evict" || sub == "tracking";
    return isSetting ? LinkEffect::Setting : LinkEffect::None;
}

} // namespace slotscope
