// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/expirydialog.h"

#include "core/base/text.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QComboBox>
#include <QDateTimeEdit>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr qint64 longestMs = 3'155'695'200'000; // a hundred years

} // namespace

ExpiryDialog::ExpiryDialog(const QString &what, qint64 ttlMs, bool canDelete, QWidget *parent)
    : QDialog(parent)
    , m_what(what)
    , m_canDelete(canDelete)
    , m_kind(new QComboBox(this))
    , m_unit(new QComboBox(this))
    , m_amount(new QLineEdit(this))
    , m_until(new QDateTimeEdit(QDateTime::currentDateTime().addMSecs(ttlMs > 0 ? ttlMs : 3'600'000), this))
    , m_words(wrappedLabel({}, "muted", this))
    , m_wordsBefore(wrappedLabel({}, nullptr, this))
    , m_act(new QPushButton(tr("Set"), this))
{
    setObjectName(u"expiryDialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Time to live of %1").arg(what));
    setMinimumWidth(460);
    m_kind->addItems({tr("No expiry"), tr("Expires in"), tr("Expires at")});
    m_kind->setAccessibleName(tr("Time to live"));
    for (const auto &[name, ms] : {std::pair(tr("seconds"), 1000),
                                   {tr("minutes"), 60'000},
                                   {tr("hours"), 3'600'000},
                                   {tr("days"), 86'400'000},
                                   {tr("milliseconds"), 1}})
        m_unit->addItem(name, ms);
    m_unit->setAccessibleName(tr("Unit"));
    m_amount->setAccessibleName(tr("Duration"));
    m_amount->setText(ttlMs > 0 ? QString::number((ttlMs + 999) / 1000) : QString());
    m_until->setDisplayFormat(u"yyyy-MM-dd HH:mm:ss"_s);
    m_until->setCalendarPopup(true);
    m_kind->setCurrentIndex(int(Kind::For)); // also without a time to live: this is asked to set one
    m_amount->setFocus();
    m_amount->selectAll();
    auto *row = new QHBoxLayout;
    for (QWidget *widget : std::initializer_list<QWidget *>{m_kind, m_amount, m_unit, m_until})
        row->addWidget(widget);
    auto *cancel = new QPushButton(tr("Cancel"), this);
    m_act->setDefault(true);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_act);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(12);
    layout->addWidget(m_wordsBefore);
    layout->addLayout(row);
    layout->addWidget(m_words);
    layout->addLayout(buttons);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &ExpiryDialog::update);
    connect(m_unit, &QComboBox::currentIndexChanged, this, &ExpiryDialog::update);
    connect(m_amount, &QLineEdit::textChanged, this, &ExpiryDialog::update);
    connect(m_until, &QDateTimeEdit::dateTimeChanged, this, &ExpiryDialog::update);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_act, &QPushButton::clicked, this, [this] {
        const auto kind = Kind(m_kind->currentIndex());
        if (kind == Kind::Until)
            Q_EMIT untilChosen(m_until->dateTime().toMSecsSinceEpoch());
        else
            Q_EMIT forChosen(kind == Kind::Never ? -1 : typedMs().value_or(-1));
        accept();
    });
    m_wordsBefore->hide();
    update();
}

void ExpiryDialog::addWords(const QString &text)
{
    m_wordsBefore->setText(text);
    m_wordsBefore->setVisible(!text.isEmpty());
}

QString ExpiryDialog::wordsBefore() const
{
    return m_wordsBefore->text();
}

/// -1 means no expiry, as in PTTL; empty: the input is not valid.
std::optional<qint64> ExpiryDialog::typedMs() const
{
    const QString typed = m_amount->text().trimmed();
    if (typed == u"-1")
        return -1;
    const auto amount = toInteger(typed.toUtf8());
    const qint64 unit = m_unit->currentData().toLongLong();
    if (!amount || *amount > longestMs / unit)
        return std::nullopt;
    return *amount <= 0 ? 0 : *amount * unit;
}

QString ExpiryDialog::words() const
{
    return m_words->text();
}

void ExpiryDialog::update()
{
    const auto kind = Kind(m_kind->currentIndex());
    m_amount->setVisible(kind == Kind::For);
    m_unit->setVisible(kind == Kind::For);
    m_until->setVisible(kind == Kind::Until);
    const auto typed = typedMs();
    const bool past = kind == Kind::Until && m_until->dateTime() <= QDateTime::currentDateTime();
    const bool deletes = past || (kind == Kind::For && typed && *typed == 0);
    QString text = tr("The key no longer expires (PERSIST).");
    bool can = true;
    const bool isEmpty = kind == Kind::For && m_amount->text().trimmed().isEmpty();
    if (isEmpty) {
        text = tr("Enter a duration.");
        can = false;
    } else if (kind == Kind::For && !typed) {
        text = tr("This is not an integer of at most a hundred years.");
        can = false;
    } else if (deletes) {
        text = m_canDelete ? tr("This deletes %1 now.").arg(m_what)
                           : tr("A time in the past would delete the key: use Delete instead.");
        can = m_canDelete;
    } else if (kind == Kind::For && *typed > 0) {
        text = tr("The key expires in %1, at %2.")
                   .arg(duration(*typed),
                        QDateTime::currentDateTime().addMSecs(*typed).toString(u"yyyy-MM-dd HH:mm:ss"_s));
    } else if (kind == Kind::Until) {
        text = tr("The key expires in %1, by the server's clock.")
                   .arg(duration(QDateTime::currentDateTime().msecsTo(m_until->dateTime())));
    }
    m_words->setText(text);
    setStyleProperty(m_words, "tone", deletes || (!can && !isEmpty) ? u"error"_s : u"muted"_s);
    m_act->setText(deletes ? tr("Delete it now") : tr("Set"));
    setStyleProperty(m_act, "danger", deletes);
    setStyleProperty(m_act, "primary", !deletes);
    m_act->setEnabled(can);
}

} // namespace slotscope
