// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/formats.h"
#include "core/pubsub/pubsubtypes.h"

#include <QWidget>

#include <stop_token>

namespace slotscope {

class CodeEdit;
class ElidedLabel;
class Theme;

/// One message, as far as it was kept, decoded in another thread; for a gap, what is known about it.
class MessageDetail final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MessageDetail)
public:
    explicit MessageDetail(const Theme &theme, QWidget *parent = nullptr);
    ~MessageDetail() override;

    /// `kind`: kind of the subscription that received it.
    void showMessage(const slotscope::PubSubMessagePtr &message, slotscope::SubscriptionKind kind);
    void setChain(const std::optional<slotscope::FormatChain> &chain); ///< empty: detect the format
    void letGo(); ///< drops the message and hides
    [[nodiscard]] QString text() const;

private:
    void decodeNow();

    PubSubMessagePtr m_message;
    SubscriptionKind m_kind = SubscriptionKind::Channel;
    std::optional<FormatChain> m_chain;
    std::stop_source m_decoding;
    quint64 m_round = 0;
    ElidedLabel *m_head;
    CodeEdit *m_code;
};

} // namespace slotscope
