// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connect/testresults.h"

#include "core/base/errortext.h"
#include "ui/shared/badge.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QFrame>
#include <QGridLayout>
#include <QPushButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

QString failureWord(const Error &error)
{
    switch (error.code) {
    case Error::Code::HostNotFound: return TestResults::tr("DNS");
    case Error::Code::ConnectionRefused: return TestResults::tr("refused");
    case Error::Code::Timeout: return TestResults::tr("timeout");
    case Error::Code::Unreachable: return TestResults::tr("unreachable");
    case Error::Code::NotRedis: return TestResults::tr("not Redis");
    case Error::Code::AuthRequired: return u"NOAUTH"_s;
    case Error::Code::WrongPassword: return u"WRONGPASS"_s;
    case Error::Code::NoPermission: return u"NOPERM"_s;
    case Error::Code::ClusterDown: return TestResults::tr("cluster down");
    case Error::Code::ClusterDisabled: return TestResults::tr("no cluster");
    case Error::Code::Loading: return TestResults::tr("loading");
    default: return TestResults::tr("failed");
    }
}

TestResults::TestResults(const Theme &theme, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_rows(new QVBoxLayout(this))
{
    setAccessibleName(tr("Result of the test"));
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setSpacing(6);
    hide();
}

void TestResults::clear()
{
    while (QLayoutItem *item = m_rows->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_texts.clear();
    hide();
}

void TestResults::setTesting(const QList<Endpoint> &seeds)
{
    clear();
    for (const Endpoint &seed : seeds)
        addRow(seed, u"…"_s, int(Tone::Muted), tr("testing…"), {});
    show();
}

void TestResults::setReport(const ConnectionReport &report)
{
    clear();
    for (const ConnectionReport::Seed &seed : report.seeds) {
        if (seed.outcome) {
            addRow(seed.endpoint, tr("✓ ok"), int(Tone::Good), *seed.outcome, {});
            continue;
        }
        Error error = seed.outcome.error();
        const QString help = advice(error);
        error.node.clear(); // the row already shows the node
        addRow(seed.endpoint, u"✕ "_s + failureWord(error), int(Tone::Bad), describe(error), help);
    }
    if (!report.watched.isEmpty())
        offerSentinel(report.watched);
    if (!report.warning.isEmpty())
        addNote("warn", report.warning);
    show();
}

QString TestResults::toText() const
{
    return m_texts.join(u'\n');
}

void TestResults::addRow(const Endpoint &endpoint, const QString &word, int tone, const QString &text,
                         const QString &help)
{
    auto *row = new QFrame(this);
    row->setObjectName(u"testRow"_s);
    auto *badge = new Badge(m_theme, row);
    badge->setBadge(word, Tone(tone));
    auto *address = new ElidedLabel(endpoint.toString(), Qt::ElideMiddle, row);
    address->setFont(Theme::monoFont());
    const bool brief = Tone(tone) != Tone::Bad; // only failures get more than one line
    QLabel *said = brief ? new ElidedLabel(text, Qt::ElideRight, row) : plainLabel(text, nullptr, row);
    said->setWordWrap(!brief);
    said->setAlignment(brief ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignTop);
    said->setProperty("tone", brief ? u"muted"_s : QString());
    auto *layout = new QGridLayout(row);
    layout->setContentsMargins(12, brief ? 5 : 8, 12, brief ? 5 : 8);
    layout->setHorizontalSpacing(10);
    layout->setVerticalSpacing(3);
    layout->addWidget(badge, 0, 0, Qt::AlignLeft | Qt::AlignVCenter);
    layout->addWidget(address, 0, 1);
    if (brief)
        address->setMaximumWidth(address->fontMetrics().horizontalAdvance(endpoint.toString()) + 4);
    layout->setColumnStretch(1, brief ? 0 : 1);
    layout->setColumnStretch(2, brief ? 1 : 0);
    layout->addWidget(said, brief ? 0 : 1, brief ? 2 : 0, 1, brief ? 1 : 3);
    if (!help.isEmpty()) {
        auto *advised = plainLabel(help, "muted", row);
        advised->setWordWrap(true);
        layout->addWidget(advised, 2, 0, 1, 3);
    }
    row->setAccessibleName(u"%1: %2. %3 %4"_s.arg(endpoint.toString(), word, text, help));
    m_texts << u"%1 %2 %3 %4"_s.arg(word, endpoint.toString(), text, help).trimmed();
    m_rows->addWidget(row);
}

void TestResults::offerSentinel(const QStringList &watched)
{
    constexpr qsizetype mostOffered = 6, longestName = 40;
    for (const QString &name : watched.first(std::min(mostOffered, watched.size()))) {
        QString shown = name.left(longestName);
        auto *offer = new QPushButton(tr("Open “%1” through this Sentinel").arg(shown.replace(u'&', u"&&"_s)), this);
        offer->setObjectName(u"throughSentinel"_s);
        connect(offer, &QPushButton::clicked, this, [this, name] { Q_EMIT sentinelChosen(name); });
        m_rows->addWidget(offer, 0, Qt::AlignLeft);
    }
}

void TestResults::addNote(const char *finding, const QString &text)
{
    auto *note = new QFrame(this);
    note->setProperty("finding", QString::fromLatin1(finding));
    auto *label = plainLabel(u"▲ "_s + text, finding, note);
    label->setWordWrap(true);
    auto *layout = new QVBoxLayout(note);
    layout->setContentsMargins(12, 8, 12, 8);
    layout->addWidget(label);
    m_texts << text;
    m_rows->addWidget(note);
}

} // namespace slotscope
