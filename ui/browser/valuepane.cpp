// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/valuepane.h"

#include "core/base/text.h"
#include "ui/shared/typebadge.h"
#include "ui/browser/valuetab.h"
#include "ui/shared/currentstack.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/pagecontext.h"
#include "ui/shared/theme.h"

#include <QMessageBox>
#include <QPainter>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int longestTitle = 24;

/// Shortens a long name to its last part.
QString tabTitle(const QByteArray &key)
{
    const QString name = key.isEmpty() ? ValuePane::tr("(empty)") : toDisplay(key);
    return name.size() <= longestTitle ? name : u'…' + name.right(longestTitle - 1);
}

QIcon typeIcon(const QByteArray &typeWord, bool changed, const Theme &theme, qreal ratio)
{
    QPixmap pixmap(QSize(18, 18) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paintTypeBadge(painter, QRectF(0, 0, 18, 18), typeWord, theme);
    if (changed) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.tokens().warnMark);
        painter.drawEllipse(QRectF(11, 0, 7, 7));
    }
    return QIcon(pixmap);
}

} // namespace

ValuePane::ValuePane(PageContext &context, EditSender &sender, QWidget *parent)
    : QFrame(parent)
    , m_context(context)
    , m_sender(sender)
    , m_tabs(new QTabBar(this))
    , m_stack(new CurrentStack(this))
    , m_empty(new EmptyState(context.theme(), this))
{
    setProperty("card", true);
    m_tabs->setObjectName(u"valueTabs"_s);
    m_tabs->setTabsClosable(true);
    m_tabs->setMovable(true);
    m_tabs->setDocumentMode(true);
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setUsesScrollButtons(true);
    m_tabs->setElideMode(Qt::ElideLeft);
    m_tabs->setIconSize({18, 18});
    m_tabs->setFont(Theme::monoFont());
    m_tabs->setAccessibleName(tr("Open keys"));
    m_empty->setContent(u"browser"_s, tr("No key is open"),
                        tr("Select one in the list, or enter its exact name and press Enter."));
    m_stack->addWidget(m_empty);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->setSpacing(0);
    layout->addWidget(m_tabs);
    layout->addWidget(m_stack, 1);
    connect(m_tabs, &QTabBar::currentChanged, this, &ValuePane::updateStack);
    connect(m_tabs, &QTabBar::tabCloseRequested, this, &ValuePane::closeTab);
    connect(&context.theme(), &Theme::changed, this, [this] {
        for (int i = 0; i < count(); ++i)
            updateTab(tabAt(i));
    });
    const auto shortcut = [this](const QKeySequence &keys, const QString &title, auto act) {
        auto *made = new QShortcut(keys, this);
        made->setWhatsThis(title);
        made->setContext(Qt::WindowShortcut); // wherever the focus is, while the page is visible
        connect(made, &QShortcut::activated, this, act);
    };
    shortcut(QKeySequence::Save, tr("Save the value"), [this] {
        if (current())
            current()->save();
    });
    updateStack();
}

ValueTab *ValuePane::tabAt(int index) const
{
    return index < 0 || index >= m_tabs->count() ? nullptr : m_tabs->tabData(index).value<ValueTab *>();
}

ValueTab *ValuePane::current() const
{
    return tabAt(m_tabs->currentIndex());
}

int ValuePane::count() const
{
    return m_tabs->count();
}

bool ValuePane::hasChanges() const
{
    for (int i = 0; i < count(); ++i)
        if (tabAt(i)->isChanged())
            return true;
    return false;
}

void ValuePane::open(const QByteArray &key, bool inNewTab)
{
    for (int i = 0; i < count(); ++i) {
        if (tabAt(i)->key() == key) {
            m_tabs->setCurrentIndex(i);
            return;
        }
    }
    const int reused = !inNewTab && current() && current()->mayBeReplaced() ? m_tabs->currentIndex() : -1;
    auto *tab = new ValueTab(m_context, m_sender, key, this);
    m_stack->addWidget(tab);
    const QSignalBlocker blocker(m_tabs);
    const int at = m_tabs->insertTab(reused >= 0 ? reused : m_tabs->currentIndex() + 1, tabTitle(key));
    m_tabs->setTabData(at, QVariant::fromValue(tab));
    connect(tab, &ValueTab::titleChanged, this, [this, tab] { updateTab(tab); });
    connect(tab, &ValueTab::keyGone, this, &ValuePane::keyGone);
    connect(tab, &ValueTab::keyMade, this, &ValuePane::keyMade);
    connect(tab, &ValueTab::databaseRequested, this, &ValuePane::databaseRequested);
    connect(tab, &ValueTab::keyChanged, this, &ValuePane::keyChanged);
    if (reused >= 0)
        remove(at + 1);
    m_tabs->setCurrentIndex(at);
    updateTab(tab);
    updateStack();
}

void ValuePane::remove(int index)
{
    ValueTab *tab = tabAt(index);
    m_tabs->removeTab(index);
    m_stack->removeWidget(tab);
    tab->deleteLater();
}

void ValuePane::closeTab(int index)
{
    ValueTab *tab = tabAt(index);
    if (!tab)
        return;
    if (!tab->isChanged()) {
        remove(index);
        updateStack();
        return;
    }
    auto *question = new QMessageBox(QMessageBox::Question, tr("Unsaved changes"),
                                     tr("“%1” has unsaved changes.").arg(toDisplay(tab->key()).left(200)),
                                     QMessageBox::NoButton, this);
    question->setObjectName(u"closeQuestion"_s);
    question->setTextFormat(Qt::PlainText);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setDefaultButton(question->addButton(tr("Keep it open"), QMessageBox::RejectRole));
    const QAbstractButton *drop = question->addButton(tr("Close without saving"), QMessageBox::DestructiveRole);
    connect(drop, &QAbstractButton::clicked, this, [this, kept = QPointer<ValueTab>(tab)] {
        for (int i = 0; i < count(); ++i) {
            if (tabAt(i) == kept) {
                remove(i);
                updateStack();
                return;
            }
        }
    });
    question->open();
}

void ValuePane::closeAll()
{
    const QSignalBlocker blocker(m_tabs);
    while (count() > 0)
        remove(0);
    updateStack();
}

void ValuePane::updateTab(const ValueTab *tab)
{
    for (int i = 0; i < count(); ++i) {
        if (tabAt(i) != tab)
            continue;
        m_tabs->setTabText(i, tabTitle(tab->key()).replace(u'&', u"&&"_s));
        m_tabs->setTabToolTip(i, Qt::convertFromPlainText(toDisplay(tab->key()).left(1000)));
        m_tabs->setTabIcon(i, typeIcon(tab->head().typeWord, tab->isChanged(), m_context.theme(), devicePixelRatioF()));
    }
}

void ValuePane::updateStack()
{
    m_tabs->setVisible(count() > 0);
    if (ValueTab *tab = current())
        m_stack->setCurrentWidget(tab);
    else
        m_stack->setCurrentWidget(m_empty);
}

} // namespace slotscope
