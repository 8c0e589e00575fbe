// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/consolepanel.h"

#include "core/base/text.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/factslist.h"
#include "ui/shared/icons.h"
#include "ui/shared/theme.h"

#include <QDateTime>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int mostShown = 500, mostArguments = 8;

QFrame *hairline(QWidget *parent)
{
    auto *line = new QFrame(parent);
    line->setProperty("separator", true);
    line->setFixedHeight(1);
    return line;
}

} // namespace

ConsolePanel::ConsolePanel(const Theme &theme, QWidget *parent) : QFrame(parent), m_theme(theme)
{
    setProperty("card", true);
    m_title = plainLabel({}, nullptr, this);
    m_title->setFont(Theme::strongFont());
    m_title->setObjectName(u"docTitle"_s);
    auto *close = new QToolButton(this);
    close->setIcon(themedIcon(u"close"_s, theme));
    close->setToolTip(tr("Close (F1 shows it again)"));
    close->setAccessibleName(tr("Close"));
    m_summary = wrappedLabel({}, nullptr, this);
    m_summary->setObjectName(u"docSummary"_s);
    m_syntaxTitle = plainLabel(tr("Syntax"), "muted", this);
    m_syntax = wrappedLabel({}, nullptr, this);
    m_syntax->setObjectName(u"docSyntax"_s);
    m_syntax->setFont(Theme::monoFont());
    m_facts = new FactsList(this);
    m_facts->addFact(u"takes"_s, tr("Syntax"));
    m_facts->addFact(u"flags"_s, tr("Flags"));
    m_facts->addFact(u"rights"_s, tr("ACL"));
    m_facts->addFact(u"since"_s, tr("Since"));
    m_argumentsTitle = plainLabel(tr("Arguments"), nullptr, this);
    m_argumentsTitle->setFont(Theme::strongFont());
    auto *arguments = new QVBoxLayout;
    arguments->setSpacing(4);
    for (int i = 0; i < mostArguments; ++i) {
        m_arguments.append(new ElidedLabel({}, Qt::ElideRight, this));
        m_arguments.back()->setFont(Theme::monoFont());
        arguments->addWidget(m_arguments.back());
    }
    m_historyTitle = plainLabel({}, nullptr, this);
    m_historyTitle->setFont(Theme::strongFont());
    m_search = new QLineEdit(this);
    m_search->setObjectName(u"historySearch"_s);
    m_search->setPlaceholderText(tr("Search the history (Ctrl+R)"));
    m_search->setAccessibleName(tr("Search the history (Ctrl+R)"));
    m_search->setClearButtonEnabled(true);
    m_list = new QTreeWidget(this);
    m_list->setObjectName(u"history"_s);
    m_list->setAccessibleName(tr("History"));
    m_list->setColumnCount(2);
    m_list->setHeaderHidden(true);
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setTextElideMode(Qt::ElideRight);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_list->setFrameShape(QFrame::NoFrame);
    auto *foot = plainLabel(tr("Passwords are never stored here."), "muted", this);
    auto *head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(close);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(8);
    layout->addLayout(head);
    for (QWidget *part :
         std::initializer_list<QWidget *>{m_summary, m_syntaxTitle, m_syntax, m_facts, m_argumentsTitle})
        layout->addWidget(part);
    layout->addLayout(arguments);
    for (QWidget *part : std::initializer_list<QWidget *>{hairline(this), m_historyTitle, m_search})
        layout->addWidget(part);
    layout->addWidget(m_list, 1);
    layout->addWidget(foot);
    connect(close, &QToolButton::clicked, this, &ConsolePanel::closeRequested);
    connectParts();
    setCommand(nullptr, {});
}

void ConsolePanel::connectParts()
{
    connect(m_search, &QLineEdit::textChanged, this, &ConsolePanel::fillHistory);
    connect(m_list, &QTreeWidget::itemActivated, this,
            [this](QTreeWidgetItem *item) { Q_EMIT lineChosen(item->data(0, Qt::UserRole).toString()); });
    m_search->installEventFilter(this);
}

void ConsolePanel::setCommand(const CommandDoc *doc, const ArgumentPlace &place)
{
    m_doc = doc;
    m_title->setText(doc ? QString::fromUtf8(doc->name.toUpper()).replace(u'|', u' ') : tr("No command"));
    m_summary->setText(doc ? doc->summary
                           : tr("While you type a command, its description from the server appears here."));
    m_summary->setVisible(!m_summary->text().isEmpty());
    m_syntax->setText(doc ? syntaxLine(*doc) : QString());
    m_syntax->setVisible(doc);
    m_syntaxTitle->setVisible(doc);
    m_facts->setFact(u"takes"_s, doc ? doc->complexity : QString());
    m_facts->setFact(u"since"_s, doc ? doc->since : QString());
    setSpec(nullptr);
    const qsizetype count = doc ? doc->arguments.size() : 0;
    m_argumentsTitle->setVisible(count > 0);
    for (int i = 0; i < mostArguments; ++i) {
        const bool isLast = i == mostArguments - 1 && count > mostArguments;
        QString text = i < count ? doc->arguments[i].syntax() : QString();
        if (isLast)
            text = tr("and %1 more").arg(count - mostArguments + 1);
        m_arguments[i]->setText(text);
        m_arguments[i]->setVisible(!text.isEmpty());
        setStyleProperty(m_arguments[i], "tone", i == place.argument ? u"accent"_s : u"muted"_s);
    }
}

void ConsolePanel::setSpec(const CommandSpec *spec)
{
    QStringList flags, rights;
    for (const QByteArray &flag : spec ? spec->flags : QList<QByteArray>())
        flags.append(toDisplay(flag));
    for (const QByteArray &right : spec ? spec->categories : QList<QByteArray>())
        rights.append(toDisplay(right));
    m_facts->setFact(u"flags"_s, flags.join(u' '), spec && spec->hasFlag("write") ? "warn" : "");
    m_facts->setFact(u"rights"_s, rights.join(u' '));
}

void ConsolePanel::setHistory(const ConsoleHistory &history, const QString &title)
{
    m_history = &history;
    m_historyTitle->setText(tr("History of %1").arg(title));
    fillHistory();
}

void ConsolePanel::fillHistory()
{
    m_list->clear();
    if (!m_history)
        return;
    QSet<QString> seen;
    const QStringList wanted = m_search->text().split(u' ', Qt::SkipEmptyParts);
    const QDate today = QDate::currentDate();
    for (auto item = m_history->items().crbegin(); item != m_history->items().crend(); ++item) {
        const bool fits = std::all_of(wanted.begin(), wanted.end(), [&](const QString &word) {
            return item->line.contains(word, Qt::CaseInsensitive);
        });
        if (!fits || seen.contains(item->line) || seen.size() >= mostShown)
            continue;
        seen.insert(item->line);
        const QDateTime at = QDateTime::fromMSecsSinceEpoch(item->at);
        auto *row = new QTreeWidgetItem(
            {item->line.left(300).simplified(), at.toString(at.date() == today ? u"HH:mm"_s : u"d MMM"_s)});
        row->setData(0, Qt::UserRole, item->line);
        row->setFont(0, Theme::monoFont());
        row->setFont(1, Theme::smallFont());
        row->setToolTip(0, plainToolTip(item->line.left(2000)));
        if (item->failed)
            row->setForeground(0, m_theme.tokens().error);
        row->setForeground(1, m_theme.tokens().muted);
        m_list->addTopLevelItem(row);
    }
    if (m_list->topLevelItemCount() > 0 && !wanted.isEmpty())
        m_list->setCurrentItem(m_list->topLevelItem(0));
}

void ConsolePanel::searchHistory()
{
    m_search->setFocus();
    m_search->selectAll();
}

QString ConsolePanel::syntaxShown() const
{
    return m_syntax->text();
}

QString ConsolePanel::commandShown() const
{
    return m_title->text();
}

bool ConsolePanel::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const int count = m_list->topLevelItemCount();
        const int at = m_list->indexOfTopLevelItem(m_list->currentItem());
        if ((key->key() == Qt::Key_Up || key->key() == Qt::Key_Down) && count > 0) {
            const int next = std::clamp(at + (key->key() == Qt::Key_Up ? -1 : 1), 0, count - 1);
            m_list->setCurrentItem(m_list->topLevelItem(next));
            return true;
        }
        const bool isReturn = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
        if (isReturn && m_list->currentItem()) {
            Q_EMIT lineChosen(m_list->currentItem()->data(0, Qt::UserRole).toString());
            return true;
        }
    }
    return QFrame::eventFilter(watched, event);
}

} // namespace slotscope
