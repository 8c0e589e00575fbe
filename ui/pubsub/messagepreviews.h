// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/pubsub/messagepreview.h"

#include <QCache>
#include <QObject>
#include <QTimer>

namespace slotscope {

/// One-line previews of the messages on the screen, recognised and decoded on another thread. GUI thread.
class MessagePreviews final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MessagePreviews)
public:
    explicit MessagePreviews(QObject *parent = nullptr);

    void setChain(const std::optional<slotscope::FormatChain> &chain); ///< nothing: what is recognised
    [[nodiscard]] const std::optional<FormatChain> &chain() const { return m_chain; }
    void clear(); ///< messages of another session have the same serials
    /// Null where it is not there yet; it is made then, and changed() says so.
    [[nodiscard]] const MessagePreview *of(const PubSubMessagePtr &message);

Q_SIGNALS:
    void changed();

private:
    void makeNow();

    std::optional<FormatChain> m_chain;
    QCache<quint64, MessagePreview> m_made; ///< by serial
    PubSubMessages m_wanted;
    quint64 m_round = 0; ///< of the chain and the session
    bool m_underway = false;
    QTimer m_timer;
};

} // namespace slotscope
