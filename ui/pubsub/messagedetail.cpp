// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pubsub/messagedetail.h"

#include "core/base/text.h"
#include "core/base/whendone.h"
#include "core/cluster/slot.h"
#include "core/pubsub/keyevents.h"
#include "core/pubsub/pubsubwords.h"
#include "ui/shared/codeedit.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/icons.h"

#include <QClipboard>
#include <QDateTime>
#include <QGuiApplication>
#include <QPushButton>
#include <QVBoxLayout>
#include <QtConcurrent/QtConcurrentRun>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr qsizetype decodedAtMost = 1024 * 1024, wrappedAtMost = 64 * 1024;

/// Text such as "gzip › JSON".
QString chainName(const FormatChain &chain)
{
    QStringList names;
    for (const FormatStep &step : chain.steps)
        names.append(QString::fromLatin1(infoOf(step.id).name));
    return names.join(u" \u203a "_s);
}

/// Limits for a text field; a value that decodes to more is cut there.
FormatLimits detailLimits()
{
    FormatLimits limits;
    limits.outputBytes = 8 * decodedAtMost;
    limits.nodes = 200'000;
    limits.milliseconds = 1000;
    return limits;
}

/// The message of a keyspace event is a key name, which is shown without decoding.
Decoded decodedMessage(const PubSubMessagePtr &message, const std::optional<FormatChain> &chosen,
                       const std::stop_token &stop)
{
    Decoded plain;
    plain.chain = {{{FormatId::Text, {}}}};
    if (message->isGap()) {
        plain.text = gapText(*message);
        return plain;
    }
    if (keyEventOf(message->channel, message->payload)) {
        plain.text = toDisplay(message->payload);
        return plain;
    }
    const QByteArray bytes = message->payload.left(decodedAtMost);
    const FormatLimits limits = detailLimits();
    return decode(bytes, chosen ? *chosen : detect(bytes, limits), limits, stop);
}

} // namespace

MessageDetail::MessageDetail(const Theme &theme, QWidget *parent)
    : QWidget(parent), m_head(new ElidedLabel({}, Qt::ElideRight, this)), m_code(new CodeEdit(theme, this))
{
    m_head->setProperty("tone", u"muted"_s);
    auto *copy = new QPushButton(themedIcon(u"copy"_s, theme), {}, this);
    copy->setObjectName(u"copyMessage"_s);
    copy->setProperty("quiet", true);
    copy->setToolTip(tr("Copy the message as shown"));
    copy->setAccessibleName(tr("Copy the message"));
    connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_code->code()); });
    m_code->setReadOnly(true);
    m_code->setAccessibleName(tr("The message"));
    auto *head = new QHBoxLayout;
    head->setContentsMargins(16, 4, 8, 0);
    head->addWidget(m_head, 1);
    head->addWidget(copy);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(m_code, 1);
}

MessageDetail::~MessageDetail()
{
    m_decoding.request_stop();
}

void MessageDetail::showMessage(const PubSubMessagePtr &message, SubscriptionKind kind)
{
    m_message = message;
    m_kind = kind;
    show();
    decodeNow();
}

void MessageDetail::setChain(const std::optional<FormatChain> &chain)
{
    m_chain = chain;
    decodeNow();
}

void MessageDetail::letGo()
{
    ++m_round;
    m_decoding.request_stop();
    m_message.reset();
    m_head->setText({});
    m_code->setCode({}, Syntax::Plain);
    hide();
}

QString MessageDetail::text() const
{
    return m_code->toPlainText();
}

/// Detects the format and decodes in another thread.
void MessageDetail::decodeNow()
{
    if (!m_message)
        return;
    m_decoding.request_stop();
    m_decoding = std::stop_source();
    whenDone(
        QtConcurrent::run(decodedMessage, m_message, m_chain, m_decoding.get_token()), this,
        [this, message = m_message, kind = m_kind, isChosen = m_chain.has_value(),
         round = ++m_round](const Decoded &decoded) {
            if (round != m_round)
                return;
            QStringList parts{toDisplay(message->channel.left(200)),
                              QDateTime::fromMSecsSinceEpoch(message->at).toString(u"HH:mm:ss.zzz"_s), message->node};
            if (message->isGap())
                parts.removeFirst();
            else if (kind == SubscriptionKind::Shard) // for other kinds the slot has no meaning
                parts.append(tr("slot %1").arg(groupedNumber(slotOfKey(message->channel))));
            if (!message->isGap())
                parts.append({byteSize(message->bytes),
                              isChosen ? chainName(decoded.chain) : tr("%1 detected").arg(chainName(decoded.chain))});
            if (message->isCut())
                parts.append(tr("only its beginning was kept"));
            if (decoded.problem)
                parts.append(decoded.problem->words);
            m_head->setText(parts.join(u" · "_s));
            const bool isWrapped = decoded.syntax == Syntax::Plain && decoded.text.size() <= wrappedAtMost;
            m_code->setLineWrapMode(isWrapped ? QPlainTextEdit::WidgetWidth : QPlainTextEdit::NoWrap);
            m_code->setCode(decoded.text, decoded.syntax);
        });
}

} // namespace slotscope
