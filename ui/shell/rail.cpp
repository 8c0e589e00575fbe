// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/rail.h"

#include "ui/shared/icons.h"
#include "ui/shared/theme.h"
#include "ui/shell/pages.h"

#include <QButtonGroup>
#include <QEvent>
#include <QFrame>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

#include <optional>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

namespace {

// thirteen items, two lines and the margins need 627 px, which fit into a window of 700
constexpr QSize itemSize(67, 42);
constexpr int itemSpacing = 2;

/// Makes the line between two groups of pages; 12 px with its margins.
QFrame *separator(QWidget *parent)
{
    auto *line = new QFrame(parent);
    line->setObjectName(u"railLine"_s);
    line->setFixedHeight(1);
    return line;
}

/// Button of a page, with a dot if a task is running on the page.
class RailButton final : public QToolButton
{
public:
    RailButton(const Theme &theme, QWidget *parent) : QToolButton(parent), m_theme(theme) { }

    void setWords(const QString &title, int number)
    {
        m_title = title;
        m_toolTip = number < 10 ? Rail::tr("%1 (Ctrl+%2)").arg(title).arg(number) : title;
        setText(title);
        setBusy(m_isBusy);
    }

    void setBusy(bool busy)
    {
        m_isBusy = busy;
        setToolTip(busy ? m_toolTip + u'\n' + Rail::tr("A task is running there.") : m_toolTip);
        setAccessibleName(busy ? Rail::tr("%1, a task is running there").arg(m_title) : m_title);
        update();
    }

protected:
    void paintEvent(QPaintEvent *event) override
    {
        QToolButton::paintEvent(event);
        if (!m_isBusy)
            return;
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_theme.tokens().accent);
        painter.drawEllipse(QRectF(width() / 2.0 + 9, 4, dotSize, dotSize));
    }

private:
    static constexpr double dotSize = 7;
    const Theme &m_theme;
    QString m_toolTip, m_title;
    bool m_isBusy = false;
};

} // namespace

Rail::Rail(const Theme &theme, QWidget *parent) : QScrollArea(parent), m_group(new QButtonGroup(this))
{
    setObjectName(u"rail"_s);
    setAttribute(Qt::WA_StyledBackground);
    setFixedWidth(84);
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setFocusPolicy(Qt::NoFocus);
    // if the window is too low, the rail scrolls by wheel and keys
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *content = new QWidget(this);
    content->setObjectName(u"railContent"_s);
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(8, 8, 9, 8);
    layout->setSpacing(itemSpacing);
    std::optional<PageGroup> group;
    for (const PageInfo &info : pageInfos()) {
        if (group && *group != info.group) {
            layout->addSpacing(5 - itemSpacing);
            layout->addWidget(separator(content));
            layout->addSpacing(5 - itemSpacing);
        }
        group = info.group;
        layout->addWidget(makeButton(info, theme, content));
    }
    layout->addStretch();
    setWidget(content);
    retranslate();
}

void Rail::retranslate()
{
    setAccessibleName(tr("Pages"));
    int number = 0;
    for (const PageInfo &info : pageInfos()) {
        static_cast<RailButton *>(findChild<QToolButton *>(info.id))->setWords(info.title, ++number);
    }
}

QToolButton *Rail::makeButton(const PageInfo &info, const Theme &theme, QWidget *parent)
{
    QFont font = Theme::smallFont();
    font.setPixelSize(11);
    auto *button = new RailButton(theme, parent);
    button->setObjectName(info.id);
    button->setIcon(themedIcon(info.icon, theme));
    button->setIconSize({18, 18});
    button->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
    button->setFont(font);
    button->setCheckable(true);
    button->setFixedSize(itemSize);
    button->installEventFilter(this);
    m_group->addButton(button);
    connect(button, &QToolButton::clicked, this, [this, id = info.id] { Q_EMIT pageChosen(id); });
    return button;
}

/// Scrolls to a page button that gets the focus.
bool Rail::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::FocusIn)
        ensureWidgetVisible(qobject_cast<QWidget *>(watched), 0, itemSpacing);
    return QScrollArea::eventFilter(watched, event);
}

void Rail::setBusy(const QSet<QString> &pages)
{
    const QList<QAbstractButton *> buttons = m_group->buttons();
    for (QAbstractButton *button : buttons)
        static_cast<RailButton *>(button)->setBusy(pages.contains(button->objectName()));
}

void Rail::setCurrent(const QString &id)
{
    if (auto *button = findChild<QToolButton *>(id)) {
        button->setChecked(true);
        ensureWidgetVisible(button, 0, itemSpacing);
    }
}

} // namespace slotscope
